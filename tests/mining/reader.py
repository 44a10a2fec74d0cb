"""Runs in the environment of pm4py (AGPL), which is not ours: reads a log of ours and prints as JSON what it found in it."""

import json
import sys
import warnings

warnings.simplefilter("ignore")

import pm4py  # noqa: E402 -- it warns while it is imported


def read_xes(path: str) -> dict[str, object]:
    """Cases, events, and how many events each activity and each transition has."""
    log = pm4py.read_xes(path)
    return {
        "cases": sorted(log["case:concept:name"].unique().tolist()),
        "events": len(log),
        "activities": log["concept:name"].value_counts().to_dict(),
        "transitions": log["lifecycle:transition"].value_counts().to_dict(),
        "people": sorted(log["org:resource"].dropna().unique().tolist()),
    }


def read_ocel(path: str) -> dict[str, object]:
    """Events, objects by type, and how many relations there are between events and objects and between objects."""
    log = pm4py.read_ocel2_json(path)
    return {
        "events": len(log.events),
        "objects": log.objects["ocel:type"].value_counts().to_dict(),
        "event_types": log.events["ocel:activity"].value_counts().to_dict(),
        "relations": len(log.relations),
        "object_relations": len(log.o2o),
    }


if __name__ == "__main__":
    read = {"xes": read_xes, "ocel": read_ocel}[sys.argv[1]]
    print("RESULT", json.dumps(read(sys.argv[2]), ensure_ascii=False))  # noqa: T201 -- the answer to who started it
