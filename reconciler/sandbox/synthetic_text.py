"""Sentences of synthetic candidates; none comes from a person. Data, not code."""

from __future__ import annotations

from typing import Final

SYNTHETIC: Final = "[synthetic]"

FIRST_NAMES: Final = (
    "Amina", "Bruno", "Chloé", "Dmitri", "Elif", "Finn", "Greta", "Håkon", "Iveta", "Jonas", "Kateřina",
    "Łukasz",
    "Mateo", "Nour", "Orla", "Pavel", "Quentin", "Rania", "Søren", "Tereza", "Ulla", "Viktor", "Wanda", "Yusuf",
    "Žofie",
)  # fmt: skip
LAST_NAMES: Final = (
    "Andersen", "Bauer", "Costa", "Dvořák", "Eriksen", "Fontaine", "García", "Hansen", "Ivanova", "Jansen",
    "Kowalska",
    "Lindqvist", "Moreau", "Novák", "Okafor", "Petrov", "Quist", "Rossi", "Santos", "Tanaka", "Umarov", "Vogel",
    "Weber",
)  # fmt: skip
OPENINGS: Final = (
    "In my last job", "Two years ago", "When the depot moved", "During the peak season", "On a night shift",
    "With a customer in Brno", "At the harbour", "In a small team", "On my first day alone", "Before a public holiday",
)  # fmt: skip
MIDDLES: Final = (
    "a delivery was lost and no one knew where it was",
    "two drivers wanted the same dock at the same time",
    "the system was down for most of the morning",
    "a customer had been given three different answers",
    "the numbers did not agree with the papers",
    "a colleague was ill and I had to take over",
    "the rule said one thing and common sense another",
)
ENDINGS: Final = (
    "I called everybody involved and wrote down what we agreed",
    "I first found out what was really needed, then asked for help",
    "I offered two ways out and let them choose",
    "I made a list, did the urgent part and handed over the rest",
    "it took a day longer than promised, and I said so early",
    "I would do it differently today and ask sooner",
    "in the end it was solved, and we changed the checklist",
)
FOLLOW_UPS: Final = (
    "What would you do differently today?",
    "How did you know that it was solved?",
    "Who else was involved?",
)
COMMENTS: Final = ("Concrete and calm.", "Short, but to the point.", "Stays general.", "Names own steps.", "Honest.")
REASONS: Final = ("calm", "asks before acting", "explains well", "learns from cases")
DOUBTS: Final = ("stays general", "little experience", "no example of own work")
STOPS: Final = ("the candidate ended the call", "the connection broke off", "the candidate did not come back")
FINISHED: Final = "all planned questions were asked"
