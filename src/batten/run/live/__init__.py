"""The live audit: stages that say what to ask of a site, what drives them, and the report on what was seen."""
