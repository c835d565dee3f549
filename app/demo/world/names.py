"""Invented names; no surname is one of a person whom the strategies name."""

from typing import Final

SURNAMES: Final = (
    "Ambersley", "Brackwell", "Corranby", "Dunnelow", "Eskrigg", "Fennimore", "Garrowby",
    "Hathersay", "Inglemoss", "Jessamy", "Kestrow", "Larkholme", "Merrivale", "Nethersby",
    "Oakenthwaite", "Pellowby", "Quillan", "Ravensey", "Sallowfield", "Tarnbeck", "Underhay",
    "Vellacombe", "Wetherlam", "Yarrowby", "Zellwood", "Ashgrove-Mir", "Birkhollow", "Cressbrook",
    "Dovenby", "Elmsgarth", "Farndyke", "Gorsehill", "Hollinsey", "Iverdale", "Juniperley",
    "Kirkmoss", "Lingholt", "Mossgill", "Nightingreen", "Orchardine",
)  # fmt: skip

CHILDREN: Final = (
    "Ada", "Bilal", "Cerys", "Dov", "Esme", "Farah", "Gwil", "Hana", "Idris", "Juno", "Kasia",
    "Leif", "Maya", "Noor", "Orla", "Piotr", "Quinn", "Rosa", "Sami", "Tilly", "Uma", "Viggo",
    "Wren", "Xanthe", "Yusuf", "Zofia",
)  # fmt: skip

ADULTS: Final = (
    "Aileen", "Bogdan", "Ceri", "Daria", "Emeka", "Fatima", "Gethin", "Halima", "Ines", "Jarek",
    "Kwame", "Lowri", "Marek", "Nadia", "Osian", "Petra", "Rhys", "Shirin", "Tomasz", "Wanda",
)  # fmt: skip

STREETS: Final = (
    "Larkspur Row", "Cooper's Yard", "Tidewell Street", "Bellman Close", "Upper Quay",
    "Hawthorn Drive", "Mill Leat", "Saltpan Lane",
)  # fmt: skip
