EVERYTHING = "*"
SITES = ["https://harbour.example", "https://ferry.example"]
