/// How a document looks: on a screen in light and dark, on a phone, on paper.
enum HTMLStyleSheet {
    static let text: HTML = """
        :root{color-scheme:light dark;--paper:#fbfbf9;--raised:#fff;--ink:#1c2126;--soft:#57616b;--rule:#d9dcd6;--wash:#eef2f4;
        --us:#0a56a3;--peer:#84307e;--good:#17663a;--bad:#b0261c;--warning:#7d4e00;--mark:#fff3c4;
        --sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;
        --mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
        @media screen and (prefers-color-scheme:dark){:root{--paper:#14171a;--raised:#1b1f23;--ink:#e4e7ea;--soft:#9ba6b1;
        --rule:#343b42;--wash:#20262c;--us:#7cb9ff;--peer:#e3a0dd;--good:#74cf9b;--bad:#ff8f85;--warning:#efb45f;--mark:#3d3414}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 var(--sans);overflow-wrap:break-word}
        main,.banner,footer{max-width:calc(1080px + 4rem);margin:0 auto;padding:0 2rem}
        .banner{padding-top:1.5rem;color:var(--soft);font-size:.9rem}
        .banner p,footer p{margin:0;overflow-wrap:anywhere}
        .banner b{color:var(--ink);font-weight:650}
        footer{padding-top:1.25rem;padding-bottom:3rem;color:var(--soft);font-size:.85rem}
        code,.time,.hex,.at,.seg,.between,.state,.index,.who{font-family:var(--mono)}
        code{font-size:.92em}
        a{color:inherit;text-decoration-color:color-mix(in srgb,currentColor 40%,transparent);text-underline-offset:.2em}
        a:hover{text-decoration-color:currentColor}
        :focus-visible{outline:2px solid var(--us);outline-offset:2px;border-radius:3px}
        h1,h2,h3{line-height:1.25;font-weight:650;text-wrap:balance}
        h1,h2.headline{font-size:clamp(1.3rem,1rem + 1.2vw,1.75rem);letter-spacing:-.012em;margin:.35rem 0 1.1rem;overflow-wrap:anywhere}
        section>h2,section>h3{font-size:1.05rem;margin:0 0 .6rem}
        section{margin:2.6rem 0}
        article+article{border-top:1px solid var(--rule);margin-top:3.5rem;padding-top:1.5rem}
        .count{color:var(--soft);font-weight:400}
        .note,.dim,caption{color:var(--soft)}
        .note{margin:.25rem 0 .75rem;max-width:70ch}
        .us{--c:var(--us)}.peer{--c:var(--peer)}.good{--c:var(--good)}.bad{--c:var(--bad)}.warning{--c:var(--warning)}
        .plain{--c:var(--ink)}.dim{--c:var(--soft)}
        span.good,span.bad,span.warning,td.good,td.bad,td.warning,p.warning{color:var(--c)}
        .verdict{margin-top:1.1rem;border-left:5px solid var(--c);padding:.1rem 0 .1rem 1.25rem}
        .outcome{margin:0;color:var(--c);font-weight:650}
        .sign{display:inline-block;min-width:1.1em;font-weight:700}
        .code{margin-left:.9rem;padding:.12rem .55rem;border:1px solid currentColor;border-radius:99px;font-weight:500;font-size:.85rem;white-space:nowrap}
        .facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0}
        .facts div{min-width:0}
        dt{color:var(--soft);font-size:.82rem;line-height:1.4}
        dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        caption{text-align:left;padding:0 0 .6rem}
        th,td{text-align:left;vertical-align:top;padding:.5rem 1rem .5rem 0;border-bottom:1px solid var(--rule);font-weight:400}
        thead th{color:var(--soft);font-size:.82rem;padding-bottom:.3rem}
        td.number{text-align:right;white-space:nowrap}
        .ledger tbody th{font-weight:600;white-space:nowrap;padding-left:.5rem}
        .ledger tbody tr:is(:hover,:focus,:focus-within,:target){background:var(--mark)}
        .badge{display:inline-block;width:1.25rem;height:1.25rem;margin-right:.35rem;border:1.5px solid var(--ink);border-radius:50%;background:var(--ink);color:var(--paper);
        font:600 .75rem/1.1rem var(--mono);text-align:center;vertical-align:.08em}
        .badge.ring{background:none;color:var(--ink)}
        .ladder>input{appearance:none;position:absolute;opacity:0}
        .ladder>label{display:inline-block;padding:.2rem .8rem;border:1px solid var(--rule);font-size:.88rem;color:var(--soft);cursor:pointer}
        .ladder>.toeven+label{border-radius:99px 0 0 99px}
        .ladder>.toscale+label{border-radius:0 99px 99px 0;border-left:0}
        .ladder>input:checked+label{background:var(--ink);border-color:var(--ink);color:var(--paper)}
        .ladder>input:focus-visible+label{outline:2px solid var(--us);outline-offset:2px}
        .even,.scaled{margin-top:1rem}
        .scaled,.toscale:checked~.even{display:none}
        .toscale:checked~.scaled{display:block}
        svg{display:block;width:100%;height:auto;max-width:1080px;overflow:visible}
        svg text{font:13px var(--sans);fill:var(--c,var(--ink))}
        svg .seg,svg .between{font:12px var(--mono);fill:var(--c)}
        svg .does.fixed{font:12px var(--mono)}
        svg .seg.theirs{text-anchor:end}
        svg .between{text-anchor:middle;stroke:var(--paper);stroke-width:8px;paint-order:stroke;stroke-linejoin:round}
        svg .name{font:600 12px var(--mono);text-anchor:middle}
        svg .time{font:12px var(--mono);fill:var(--soft);text-anchor:end}
        svg .time.label{text-anchor:start}
        svg .state{font:600 11px var(--mono);fill:var(--ink)}
        .scaled .state{stroke:var(--paper);stroke-width:4px;paint-order:stroke;stroke-linejoin:round}
        svg .tie{stroke:var(--soft);fill:none}
        svg .state.ours{text-anchor:end}
        svg .cut{font:12px var(--sans);fill:var(--soft);text-anchor:middle}
        svg .life{pointer-events:none;stroke:var(--soft);stroke-width:1.25;fill:none}
        svg .tick{stroke:var(--rule)}
        svg .change{fill:var(--ink)}
        svg .gap{fill:var(--paper)}
        svg .leader{fill:none;stroke:var(--rule)}
        svg .shaft{stroke:var(--c);stroke-width:1.6;fill:none}
        svg .head,svg .router{fill:var(--c)}
        svg .unconfirmed{stroke-dasharray:8 5}
        svg .disregarded{stroke-dasharray:2 4}
        svg .icmp{stroke-dasharray:8 5}
        svg .incident{stroke-dasharray:3 5;stroke-width:1}
        svg .cross{stroke:var(--bad);stroke-width:2;fill:none}
        svg circle.request{fill:var(--ink);stroke:var(--ink)}
        svg circle.confirmation{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}
        svg text.request,svg text.confirmation{font:600 11px var(--mono);text-anchor:middle;fill:var(--ink)}
        svg text.request{fill:var(--paper)}
        svg .hit{fill:transparent}
        svg a{text-decoration:none}
        svg a:is(:hover,:focus-visible) .hit{fill:var(--wash)}
        svg a:focus{outline:none}
        svg a:focus-visible .hit{stroke:var(--us);stroke-width:2}
        .key{display:flex;flex-wrap:wrap;gap:.25rem 1.6rem;list-style:none;margin:1rem 0 0;padding:0;color:var(--soft);font-size:.85rem}
        .key i{font-style:normal}
        .findings ol,.events ol{list-style:none;margin:0;padding:0}
        .findings li{padding:.75rem 0 .75rem 1rem;border-left:3px solid var(--c);margin-bottom:.75rem}
        .findings li:target{background:var(--mark)}
        .findings p{margin:0}
        .findings .sign,.findings code{color:var(--c);font-weight:650}
        .findings .meaning{color:var(--soft);font-size:.88rem;max-width:80ch}
        .findings dl{display:flex;flex-wrap:wrap;gap:.1rem .5rem;margin:.3rem 0 0;font-size:.88rem;align-items:baseline}
        .findings dd{margin-right:1rem}
        .events li{border-bottom:1px solid var(--rule);scroll-margin-top:1rem}
        .events li:target{background:var(--mark)}
        .line{display:grid;grid-template-columns:2.2rem 7.2rem 4.8rem minmax(0,1fr);gap:0 .8rem;align-items:baseline;padding:.45rem .5rem .45rem 1.5rem;position:relative}
        summary.line{cursor:pointer;list-style:none}
        summary::-webkit-details-marker{display:none}
        summary.line::before{content:"▸";position:absolute;left:.3rem;top:.5rem;color:var(--soft)}
        details[open]>summary.line::before,li:target>details>summary.line::before{content:"▾"}
        .line .index,.line .time{text-align:right;color:var(--soft);font-size:.82rem}
        .line .who,.line .what{color:var(--li);font-size:.88rem;overflow-wrap:anywhere}
        .line .who{font-weight:650}
        .line .does{color:var(--c);margin-left:1rem}
        .line .state{margin-left:1rem;font-size:.78rem;color:var(--soft);display:inline-block}
        .events li.us{--li:var(--us)}.events li.peer{--li:var(--peer)}.events li.kernel{--li:var(--bad)}.events li.beside{--li:var(--ink)}
        .rests{margin:0;padding:0 0 .5rem 1.5rem;font-size:.85rem;color:var(--soft)}
        .inside{padding:0 0 1rem 1.5rem}
        .detail{margin:.2rem 0 .8rem;color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}
        .octets{display:flex;flex-wrap:wrap;gap:1rem 1.6rem;align-items:flex-start}
        .octets table{--small:var(--peek,0);flex:1 1 calc(22rem - var(--small)*4.4rem);min-width:0;
        font-size:calc(.82rem - var(--small)*.14rem);line-height:calc(1.5 - var(--small)*.2)}
        .octets caption{font-weight:650;color:var(--ink);padding-bottom:.2rem}
        .octets th,.octets td{padding:calc(.16rem - var(--small)*.1rem) .7em calc(.16rem - var(--small)*.1rem) 0;
        border-bottom-color:color-mix(in srgb,var(--rule) 60%,transparent)}
        .octets thead th{font-size:.92em}
        .octets .at,.octets thead th:first-child{color:var(--soft);width:3.6em}
        .octets .hex{width:calc(12.4em - var(--small)*3em);overflow-wrap:anywhere}
        .octets tbody th{width:calc(10.4em - var(--small)*1.6em)}
        .octets b{font-weight:600}
        \(highlights)
        @media screen and (max-width:899px){
        main,.banner,footer{padding-left:1rem;padding-right:1rem}
        .verdict{padding-left:.9rem}
        .course{display:none}.hint{display:none}
        .line{grid-template-columns:auto auto 1fr;gap:.05rem .7rem;padding:.5rem 0 .5rem .8rem;border-left:3px solid var(--li)}
        summary.line::before{left:auto;right:.2rem}
        .line .happens{grid-column:1/-1;padding-right:1.2rem}
        .line .what,.line .does,.line .state{display:block;margin:0}
        .rests,.inside{padding-left:.8rem}
        .octets table{flex-basis:100%}
        .octets .hex{width:auto}.octets tbody th{width:auto}.octets td,.octets th{overflow-wrap:anywhere;padding-right:.5rem}
        .octets .at,.octets thead th:first-child{width:2.6rem}
        }
        @media screen and (max-width:599px){
        .ledger table,.ledger caption,.ledger tbody,.ledger tr,.ledger td,.ledger tbody th{display:block}
        .ledger thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .ledger tbody th,.ledger td{border:0;padding:.1rem .5rem}
        .ledger tbody th{padding-top:.5rem}
        .ledger td:last-child{padding-bottom:.5rem;border-bottom:1px solid var(--rule)}
        nav table,nav tbody,nav tr,nav td{display:block}nav thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        nav td{border:0;padding:0;text-align:left}nav td:last-child{border-bottom:1px solid var(--rule);padding-bottom:.6rem;margin-bottom:.6rem}
        }
        @media print{
        @page{margin:14mm 12mm}
        html{font-size:13px}
        body{font-size:8.5pt;line-height:1.4;background:none}
        main,.banner,footer{padding:0;max-width:none}
        .hint,.ladder>label{display:none}
        section{margin:1.2rem 0}
        h1,h2.headline{font-size:13pt;margin:.2rem 0 .5rem}
        th,td{padding-top:.25rem;padding-bottom:.25rem}
        .findings li{padding:.2rem 0 .2rem 1rem;margin-bottom:.5rem}
        .findings dl{margin:0}
        svg{max-width:170mm}.even,.scaled,.key{margin-top:.4rem}
        .course:has(.even>svg:only-child){break-inside:avoid}
        svg,.findings li,.ledger tr,.octets tr{break-inside:avoid}
        h1,h2,h3,caption,summary,thead{break-after:avoid}
        .scaled svg{max-height:230mm}
        details::details-content{display:block;content-visibility:visible;block-size:auto}
        .events li{break-inside:avoid}
        .line{grid-template-columns:2em 7em 4em minmax(0,1fr);padding:.2rem 0 .1rem;line-height:1.35}
        .line *{font-size:7.5pt}
        .inside{padding:0 0 .3rem}.rests{padding:0 0 .2rem}
        .inside{font-size:7pt;line-height:1.3}
        .detail{display:inline;margin:0 1.2em 0 0;font-size:1em}
        .octets{display:block;columns:3;column-gap:1rem;margin-top:.15rem;font-size:6.5pt;line-height:1.2}
        .octets :is(table,caption,tbody,tr){display:block;font-size:1em;line-height:inherit}
        .octets caption{padding:.1rem 0 0;break-after:avoid}
        .octets thead{display:none}
        .octets tr{padding-left:6em;text-indent:-6em}
        .octets :is(th,td){display:inline;border:0;padding:0 .4em 0 0}
        .octets :is(.at,.hex){display:inline-block;width:2.8em;overflow-wrap:normal;text-indent:0}
        .octets .hex{width:auto;min-width:7.4em}.octets .long{display:inline}
        .octets table:has(.long){column-span:all}
        summary.line::before{content:""}
        .badge{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        a{text-decoration:none}
        article+article{break-before:page;border:0;margin:0}
        }

        """

    /// A row of the ledger under the pointer, focused or gone to shows its request and its confirmation in the ladder.
    private static var highlights: HTML {
        let rows = (1...4).map { number -> HTML in
            ".conversation:has(.q\(number):is(:hover,:focus,:focus-within,:target)) .ev:not(.rq\(number),.cf\(number)){opacity:.28}"
        }
        let marks = (1...4).map { number -> HTML in
            ".conversation:has(.q\(number):is(:hover,:focus,:focus-within,:target)) :is(.rq\(number),.cf\(number)) .shaft{stroke-width:3.2}"
        }
        let fills = (1...4).map { number -> HTML in
            ".conversation:has(.q\(number):is(:hover,:focus,:focus-within,:target)) :is(.rq\(number),.cf\(number)) .hit{fill:var(--mark)}"
        }
        let targets: HTML =
            ".events li:target>details::details-content{display:block;content-visibility:visible;block-size:auto}"
        return (rows + marks + fills + [targets]).joined(by: "\n")
    }

    /// How the octets of an event lie over the page while its arrow is pointed at: after a moment, and in nobody's way.
    static let peek: HTML = """
        {--peek:1;display:block;content-visibility:visible;position:fixed;z-index:2;right:1rem;bottom:1rem;left:auto;width:min(66rem,94vw);
        max-height:45vh;overflow:hidden;padding:.5rem 1rem 0 0;background:var(--raised);border:1px solid var(--rule);border-radius:8px;
        box-shadow:0 8px 30px rgb(0 0 0/.22);pointer-events:none;animation:peek .12s .35s both}
        @keyframes peek{from{opacity:0}}
        """
}
