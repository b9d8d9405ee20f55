/** The report's look: light and dark by the reader's system, legible from a laptop to a wall, and on paper. */
export const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--page:#fff;--card:#f6f8fa;--accent:#0b57b0;--good:#116329;--bad:#b3261e;--warn:#7a4d00;--warnbg:#fff5dc;--band:#0b57b01f}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a0abb8;--line:#3a434e;--page:#0f141a;--card:#182029;--accent:#79b4ff;--good:#63d486;--bad:#ff8f87;--warn:#f2c063;--warnbg:#2d2512;--band:#79b4ff2b}}
*{box-sizing:border-box}
html{font-size:clamp(15px,.45vw + 9.5px,22px)}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
main{max-width:72rem;margin:0 auto;padding:2rem 1.5rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:2.6rem 0 .6rem;padding-top:1.2rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.6rem 0 .3rem}
p{margin:.4rem 0;max-width:52rem;overflow-wrap:anywhere}
.soft{color:var(--soft)}
.advice{font-size:1.15rem;font-weight:600;margin:1.2rem 0;padding:.9rem 1.1rem;background:var(--card);border-left:.35rem solid var(--accent);max-width:none}
.notes{list-style:none;padding:.5rem 1.1rem;margin:1rem 0;background:var(--warnbg);border-left:.35rem solid var(--warn)}
.notes li{margin:.35rem 0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;font-size:.92rem;width:100%}
caption{text-align:left;color:var(--soft);padding:.2rem 0 .4rem}
th,td{padding:.38rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:break-word}
td.name{white-space:nowrap}
tbody th{min-width:9rem;max-width:24rem}
thead th{border-bottom:2px solid var(--line);white-space:nowrap;font-weight:600;color:var(--soft)}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tbody th{font-weight:600}
.verdict{font-weight:600;white-space:nowrap}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.chart{display:block;width:100%;height:auto;margin:.8rem 0;font-family:inherit}
.chart text{fill:var(--ink);font-size:14px}
.chart .halo{paint-order:stroke;stroke:var(--page);stroke-width:5px;stroke-linejoin:round}
.chart .tick{fill:var(--soft);font-size:13px}
.chart .value{font-variant-numeric:tabular-nums;white-space:pre}
.chart .grid{stroke:var(--line);stroke-width:1}
.chart .zero{stroke:var(--ink);stroke-width:1.5}
.chart .whisker{stroke:var(--ink);stroke-width:1.8}
.chart .mark{fill:var(--accent);stroke:var(--page);stroke-width:1.5}
.chart .mark.baseline{fill:var(--page);stroke:var(--ink);stroke-width:2}
.chart .mark.good{fill:var(--good)}.chart .mark.bad{fill:var(--bad)}.chart .mark.same{fill:var(--accent)}
.chart .mark.open{fill:var(--page);stroke:var(--soft);stroke-width:2}
.chart .margin{fill:var(--band)}
.chart .front-line{fill:none;stroke:var(--accent);stroke-width:1.5;stroke-dasharray:5 4}
ul.sentences{padding-left:1.2rem;max-width:60rem}
ul.sentences li{margin:.5rem 0;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1.2rem;font-size:.88rem}
dt{color:var(--soft);overflow-wrap:anywhere}dd{margin:0;overflow-wrap:anywhere;font-family:ui-monospace,"DejaVu Sans Mono",monospace}
@media (max-width:40rem){main{padding:1.2rem .8rem 3rem}dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--page:#fff;--card:#fff;--accent:#0b57b0;--good:#116329;--bad:#b3261e;--warn:#7a4d00;--warnbg:#fff;--band:#0b57b01f}html{font-size:11px}main{max-width:none;padding:0}h2{break-after:avoid}.chart,tr,li{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}a{color:inherit}}
`.trim()
