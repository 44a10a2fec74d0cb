"""Runs any BPMN diagram; knows nothing of service work or of the web."""
