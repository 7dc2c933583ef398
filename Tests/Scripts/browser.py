"""What a real browser makes of a page: browser.py PAGE WORK

Opens PAGE in headless Chromium without a network, in both colour schemes and at several widths, prints it, and writes
one JSON object: what was complained about, asked for, too wide, clipped, overlapping, too faint, nameless for a screen
reader, how high the highest opened segment is on paper, and the printed text.
WORK is a folder for the browser's profile and the PDF. No driver is needed: it talks over a pipe.
"""
import base64
import json
import os
import shutil
import subprocess
import sys

LOOK = r"""
(() => {
  const problems = [];
  const shown = e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const name = e => e.tagName.toLowerCase() + '.' + (e.getAttribute('class') || '') + ' ' + e.textContent.slice(0, 40);
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    problems.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
  for (const e of document.querySelectorAll('main *')) {
    if (!shown(e) || e.closest('svg')) continue;
    const box = e.getBoundingClientRect();
    if (box.width > 1 && (box.right > width + 0.5 || box.left < -0.5)) problems.push(`beside the window: ${name(e)}`);
    if (box.width > 1 && getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1)
      problems.push(`clipped: ${name(e)}`);
  }
  let texts = 0;
  for (const svg of document.querySelectorAll('svg')) {
    if (!shown(svg)) continue;
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text')].map(e => [e, e.getBoundingClientRect()]);
    texts += boxes.length;
    boxes.forEach(([e, box], i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 2)
        problems.push(`outside its drawing: ${name(e)}`);
      for (const [other, its] of boxes.slice(i + 1, i + 60)) {
        const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        if (across > 1 && down > 4) problems.push(`drawn over each other: ${name(e)} / ${name(other)}`);
      }
    });
  }
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = color => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; }
    return [255, 255, 255];
  };
  let faintest = 21;
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !shown(e)) continue;
    const inDrawing = e.closest('svg');
    const ink = rgb(inDrawing ? getComputedStyle(e).fill : getComputedStyle(e).color);
    const request = inDrawing && e.classList.contains('request');
    const ground = request ? rgb(getComputedStyle(e.previousElementSibling).fill) : behind(e);
    const [low, high] = [light(ink), light(ground)].sort((a, b) => a - b);
    const contrast = (high + .05) / (low + .05);
    faintest = Math.min(faintest, contrast);
    if (contrast < 4.5) problems.push(`contrast ${contrast.toFixed(2)}: ${name(e)}`);
  }
  return {problems: [...new Set(problems)].slice(0, 20), texts, faintest};
})()
"""

# The smaller of the usual pages, US Letter, between the margins of the style sheet, in pixels.
PAPER = (round((215.9 - 24) / 25.4 * 96), round((279.4 - 28) / 25.4 * 96))


def spoken(nodes):
    """What is wrong with a page as a screen reader gets it: the browser's own accessibility tree."""
    value = lambda node, key: node.get(key, {}).get("value", "")
    shown = [node for node in nodes if not node.get("ignored")]
    problems = []
    for node in shown:
        if value(node, "role") in ("link", "radio", "heading", "region", "article", "table", "navigation",
                                   "columnheader", "rowheader") and not value(node, "name").strip():
            problems.append(f"a {value(node, 'role')} without a name")
    levels = [p["value"]["value"] for node in shown if value(node, "role") == "heading"
              for p in node.get("properties", []) if p["name"] == "level"]
    if levels[:1] != [1] or levels.count(1) != 1:
        problems.append(f"headings begin with {levels[:1]}, {levels.count(1)} of them of level 1")
    problems += [f"a heading of level {b} below one of level {a}" for a, b in zip(levels, levels[1:]) if b > a + 1]
    if [value(node, "role") for node in shown].count("main") != 1:
        problems.append("not one main part")
    return sorted(set(problems))


class Browser:
    """A browser and one page in it; the protocol's messages end with a NUL."""

    def __init__(self, program, work):
        there, self.output = os.pipe()
        self.input, here = os.pipe()

        # The browser reads descriptor 3 and writes descriptor 4; copies above them first, as they may be these.
        high = [os.dup2(fd, 60 + index) for index, fd in enumerate((there, here))]
        shell = f"exec 3<&{high[0]} 4>&{high[1]} {high[0]}<&- {high[1]}>&-; exec \"$@\""
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "_", program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--remote-debugging-pipe", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", f"--user-data-dir={work}/profile", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=high)
        for fd in [there, here] + high:
            os.close(fd)
        self.count, self.rest, self.events, self.session = 0, b"", [], None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")

    def read(self):
        while b"\0" not in self.rest:
            octets = os.read(self.input, 1 << 20)
            if not octets:
                sys.exit("browser.py: the browser has ended")
            self.rest += octets
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    sys.exit(f"browser.py: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, page):
        self.call("Page.navigate", url="file://" + os.path.abspath(page))
        while not any(e["method"] == "Page.loadEventFired" for e in self.events):
            self.events.append(self.read())

    def show(self, width, height=900, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit(f"browser.py: {result['exceptionDetails']}")
        return result["result"].get("value")

    def spoken(self):
        return spoken(self.call("Accessibility.getFullAXTree")["nodes"])

    def close(self):
        self.session = None
        os.write(self.output, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def program():
    return next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


def main(page, work):
    browser = Browser(program(), work)
    browser.open(page)
    report = {"problems": [], "looks": 0, "texts": 0, "faintest": 21}

    def look(label, width, dark=False):
        browser.show(width, dark=dark)
        found = browser.evaluate(LOOK)
        report["problems"] += [f"{label}, {width} wide: {problem}" for problem in found["problems"]]
        report["texts"] += found["texts"]
        report["looks"] += 1
        report["faintest"] = min(report["faintest"], found["faintest"])

    for dark in (False, True):
        for width in (360, 900, 1280):
            look("dark" if dark else "light", width, dark)
    report["problems"] += [f"spoken: {p}" for p in browser.spoken()]
    # Everything open: the octets.
    browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (360, 1280):
        look("opened", width)
    browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    browser.evaluate("document.querySelectorAll('.toscale').forEach(d => d.checked = true)")
    look("to scale", 1280)
    report["problems"] += [f"to scale, spoken: {p}" for p in browser.spoken()]
    browser.evaluate("document.querySelectorAll('.toeven').forEach(d => d.checked = true)")
    # A finding's evidence, and an event gone to, are shown without a script.
    report["opened_by_address"] = browser.evaluate("""(() => {
        const first = document.querySelector('.events details');
        if (!first) return null;
        location.hash = first.parentElement.id;
        return first.querySelector('.inside').getBoundingClientRect().height > 20;
    })()""")
    browser.show(*PAPER)
    browser.call("Emulation.setEmulatedMedia", media="print")
    # As a part of a page; no segment is read more easily for being given the whole of it.
    report["highest_on_paper"] = browser.evaluate(
        "Math.max(0, ...[...document.querySelectorAll('.events li')].map(e => e.getBoundingClientRect().height))") / PAPER[1]
    browser.call("Emulation.setEmulatedMedia", media="")
    report["printed"] = None
    pdf = base64.b64decode(browser.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)["data"])
    with open(f"{work}/page.pdf", "wb") as file:
        file.write(pdf)
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", f"{work}/page.pdf", "-"], capture_output=True, check=True).stdout
        printed = "".join(text.decode().split())
        wanted = browser.evaluate("""[...document.querySelectorAll(
            'h1, .ledger td, .findings li>p, .line .what, .octets tbody th')].map(e => e.innerText)""")
        report["printed"] = len(wanted)
        # A cell's lines stand apart in the text of a page, so that only its words can be looked for.
        missing = [text for text in wanted if not all(word in printed for word in text.split())]
        report["problems"] += [f"not printed whole: {text}" for text in missing[:20]]
    for event in browser.events:
        method, params = event.get("method"), event.get("params", {})
        if method in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            report["problems"].append(f"{method}: {json.dumps(params)[:400]}")
        if method == "Network.requestWillBeSent" and params["request"]["url"].split("#")[0] != "file://" + os.path.abspath(page):
            report["problems"].append(f"asked for {params['request']['url']}")
    browser.close()
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
