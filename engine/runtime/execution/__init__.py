"""The token game: BPMN semantics as SpiffWorkflow task specs that never predict, so only what is alive is in the tree (docs/adr/0002)."""
