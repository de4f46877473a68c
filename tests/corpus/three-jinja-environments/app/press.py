import jinja2
from jinja2 import Environment as Press, select_autoescape

from paper import ESCAPED, RAW

rough = Press(autoescape=RAW)
fine = Press(**ESCAPED)
usual = jinja2.Environment(autoescape=select_autoescape())
stamp = jinja2.Template("{{ place }}")
