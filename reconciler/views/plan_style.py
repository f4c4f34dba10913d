"""The style of a plan's page: light and dark, narrow screens, paper."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#555d66;--line:#d5dae0;--old:#fdecea;--new:#e6f4ea;
--bad:#a4161a}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16181b;--soft:#aab2bb;--line:#3a4048;--old:#4a2224;
--new:#1d3a26;--bad:#ff9a9a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:62rem;margin:auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin:0}h1,h2,p,td,th,li{overflow-wrap:anywhere}
section{border-top:1px solid var(--line);padding:1rem 0}
.soft{color:var(--soft)}.bad{color:var(--bad)}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin:.5rem 0}
th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top;white-space:pre-wrap}
thead th:first-child,tbody th{width:22%;font-weight:600}
td.old{background:var(--old)}td.new{background:var(--new)}
@media (max-width:40rem){table,tbody,tr,th,td{display:block;width:100%!important}thead{display:none}
td::before{content:attr(data-side);display:block;font-size:.8rem;color:var(--soft)}}
@media print{body{font-size:11pt}section,tr{break-inside:avoid}}
""".strip()
