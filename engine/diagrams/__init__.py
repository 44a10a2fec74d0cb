"""Reads and checks BPMN: safe XML, the dialect, the rules of what can run."""
