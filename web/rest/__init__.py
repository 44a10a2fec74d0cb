"""The Camunda 7 REST API: existing modelers, workers, scripts and people work with Opsbook unchanged."""
