"""Which groups read and keep which master data (M2-4.2, duty 3: customer data stay with those whose work needs them)."""

#: Who serves customers.
CUSTOMER_READERS = frozenset(
    {
        "callback",
        "chief_engineer",
        "coordinator",
        "cs_manager",
        "customer_service",
        "duty_head",
        "field",
        "field_pm",
        "hotline",
        "inhouse",
        "office_head",
        "onsite",
        "reception",
        "service_department",
        "service_manager",
        "tech_support",
    }
)
CUSTOMER_KEEPERS = frozenset({"cs_manager", "customer_service", "office_head", "service_department", "service_manager"})

OFFICE_READERS = CUSTOMER_READERS | {"admin", "finance", "hq", "hr", "management", "parts", "staff"}
OFFICE_KEEPERS = frozenset({"hr", "office_head", "service_department", "service_manager"})

PART_READERS = OFFICE_READERS | {"parts_centre"}
PART_KEEPERS = frozenset({"office_head", "parts", "service_manager"})
#: Who approves differences of a count may also correct the stock.
STOCK_KEEPERS = frozenset({"office_head", "service_manager"})
PRICE_KEEPERS = frozenset({"office_head", "service_department", "service_manager"})
