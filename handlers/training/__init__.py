"""Training of customers: reviewed material, who was taught what, and what they thought of it."""
