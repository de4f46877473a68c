"""The page's style sheet: dark and light, phone and desk, screen and paper."""

CSS = """
:root { color-scheme: light dark;
  --paper: #fbfaf7; --card: #fff; --ink: #1b2430; --soft: #55606e; --line: #d9d5cb; --sea: #0b5c7a; --wash: #eef4f6;
  --critical: #8e1230; --high: #b3341d; --medium: #8a5a00; --low: #0b5c7a; --info: #55606e; --good: #1c6b43;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #12181f; --card: #1a222c; --ink: #e8ecef; --soft: #a3b0bd; --line: #33404d; --sea: #7cc4df;
  --wash: #1e2b35;
  --critical: #ff8aa0; --high: #ff9d85; --medium: #f0c05a; --low: #7cc4df; --info: #a3b0bd; --good: #7fd3a5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: clamp(1.4rem, 1rem + 2.2vw, 1.9rem); line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; border-bottom: 2px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .4rem 0; }
a { color: var(--sea); }
code, pre, .where { font-family: var(--mono); font-size: .86em; }
pre { margin: .5rem 0; padding: .6rem .8rem; background: var(--wash); border-radius: .4rem; white-space: pre-wrap; }
.brand { color: var(--soft); letter-spacing: .08em; text-transform: uppercase; font-size: .8rem; }
.verdict { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center; margin: 1.25rem 0; padding: 1.25rem;
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
.verdict > div { flex: 1 1 16rem; min-width: 0; }
.ring { width: 8.5rem; height: 8.5rem; flex: none; }
.ring .track { stroke: var(--line); } .ring .letter { font: 700 40px system-ui, sans-serif; fill: var(--ink); }
.ring .points { font: 13px system-ui, sans-serif; fill: var(--soft); }
.gate { font-size: 1.35rem; font-weight: 700; margin: 0; }
.good { color: var(--good); }
.passed { color: var(--good); } .failed { color: var(--high); } .open { color: var(--medium); }
.soft { color: var(--soft); }
ul.plain { list-style: none; padding: 0; margin: .4rem 0; } ul.plain li { padding: .15rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--card); }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
table { overflow-wrap: break-word; } th { overflow-wrap: normal; }
.state { color: var(--soft); font-weight: 400; font-size: .9em; padding-left: .5rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
.chip { display: inline-block; min-width: 4.6rem; text-align: center; padding: 0 .45rem;
  border: 1px solid currentColor;
  border-radius: 1rem; font-size: .78rem; font-weight: 700; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); }
.low { color: var(--low); } .info { color: var(--info); }
details.finding { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid currentColor;
  border-radius: .4rem; margin: .6rem 0; padding: .5rem .8rem; }
details.finding > * { color: var(--ink); }
summary { cursor: pointer; } summary .says { font-weight: 600; }
summary:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--sea); outline-offset: 2px; }
ol.chain { margin: .5rem 0; padding-left: 1.4rem; } ol.chain li { margin: .2rem 0; }
.minus { color: var(--high); } .plus { color: var(--good); }
.stack { display: block; background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; }
.stack.small { max-width: 100%; height: auto; }
@media (min-width: 60rem) { .stack.middle { max-width: 100%; height: auto; } }
.stack text { font: 13px system-ui, sans-serif; fill: var(--ink); } .stack text.small { font-size: 11px;
  fill: var(--soft); }
.stack .name { font-weight: 700; } .stack .box { fill: var(--wash); stroke: var(--sea); stroke-width: 1.5; }
.stack .way { fill: none; stroke: var(--soft); stroke-width: 1.4; } .stack .maybe { stroke-dasharray: 4 4; }
.stack .tip { fill: var(--soft); } .stack .door { stroke-width: 2; fill: var(--card); stroke: var(--sea); }
.stack .door.bad { stroke: var(--critical); fill: var(--critical); } .stack .box.bad { stroke: var(--critical);
  stroke-width: 2.5; }
.stack .mark { fill: var(--card); stroke: currentColor; stroke-width: 1.5; }
.stack .told { font-size: 11px; font-weight: 700; fill: currentColor; }
.stack .outside { fill: none; stroke: var(--soft); stroke-width: 2; stroke-dasharray: 6 5; }
footer { color: var(--soft); padding-top: 2rem; padding-bottom: 3rem; font-size: .9rem; }
@media (max-width: 34rem) { body { font-size: 15px; } .verdict { padding: 1rem; gap: 1rem; }
  th, td { padding: .3rem .35rem; font-size: .85rem; }
  .matrix th, .matrix td { padding: .3rem .2rem; font-size: .75rem; } .state { display: block; padding: 0; } }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #f3f3f3; --sea: #0b5c7a;
    --critical: #8e1230; --high: #b3341d; --medium: #8a5a00; --low: #0b5c7a; --info: #444; --good: #1c6b43; }
  @page { size: A4; margin: 14mm; }
  body { font-size: 9.5pt; line-height: 1.4; } main, header, footer { max-width: none; padding: 0; }
  h1 { font-size: 1.5rem; } h2 { margin: .8rem 0 .4rem; font-size: 1.05rem; break-after: avoid; }
  .verdict { margin: .6rem 0; padding: .6rem 1rem; } .ring { width: 6rem; height: 6rem; }
  th, td { padding: .12rem .4rem; } .scroll { overflow: visible; }
  .appendix { break-before: page; } tr, .verdict, li, pre, summary, details.finding > p { break-inside: avoid; }
  summary { break-after: avoid; } pre { margin: .15rem 0; padding: .15rem .5rem; } p, ol.chain { margin: .25rem 0; }
  /* What is folded on the screen is unfolded on paper. */
  details::details-content { content-visibility: visible; block-size: auto; }
  h1, .verdict p, .first li { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
    overflow: hidden; } h1, .first li { -webkit-line-clamp: 2; }
  .stack, .stack.small, .stack.middle { max-width: 100%; height: auto; max-height: 6.2cm; }
  a { color: inherit; text-decoration: none; }
}
"""
