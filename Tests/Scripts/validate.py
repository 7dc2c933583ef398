#!/usr/bin/python3
"""Holds NDJSON on standard input to a JSON Schema: validate.py SCHEMA

Prints how many objects there were; each problem goes to standard error with its line, and the exit code is then 1.
"""
import json
import sys

import jsonschema


def without_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a member comes twice: {names}")
    return dict(pairs)


def no_constant(text):
    raise ValueError(f"{text} is no JSON")


def no_null(value, path):
    """What is not known is absent."""
    if value is None:
        yield path
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from no_null(member, f"{path}.{name}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from no_null(element, f"{path}[{index}]")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    objects = problems = 0
    for number, line in enumerate(sys.stdin.buffer.read().decode("utf-8", "strict").split("\n"), 1):
        if not line:
            continue
        objects += 1
        found = []
        try:
            value = json.loads(line, object_pairs_hook=without_duplicates, parse_constant=no_constant)
            found += [f"{path} is null" for path in no_null(value, "$")]
            found += [
                f"{error.json_path}: {leaf.message} ({leaf.json_path})"
                for error in validator.iter_errors(value)
                for leaf in [jsonschema.exceptions.best_match([error])]
            ]
        except ValueError as error:
            found.append(str(error))
        for problem in found:
            problems += 1
            print(f"line {number}: {problem}\n  {line}", file=sys.stderr)
    print(objects)
    return 1 if problems else 0


sys.exit(main())
