"""Judges an HTML page on standard input: every tag closed in its place, every identifier once, every link within the page
to something that is there, nothing loaded from anywhere, no script. Says on standard output how many elements there are,
on standard error what is wrong.
"""
import sys
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "link", "img", "hr"}
ACTIVE = {"script", "iframe", "object", "embed", "link", "img", "base", "form", "foreignobject", "use", "image"}


class Judge(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.count, self.problems = [], set(), [], 0, []

    def complain(self, text):
        self.problems.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attributes):
        self.count += 1
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            self.complain(f"<{tag}> has an attribute twice")
        for name, value in attributes:
            if value is None and name != "checked":
                self.complain(f"<{tag} {name}> has no value")
            if name.startswith("on") or name == "style":
                self.complain(f"<{tag}> has {name}=")
            if name == "id":
                if value in self.ids:
                    self.complain(f"the identifier {value} is there twice")
                self.ids.add(value)
            if name in ("href", "src", "xlink:href"):
                if not value.startswith("#"):
                    self.complain(f"<{tag}> leads out of the page: {value}")
                self.links.append(value[1:])
            if name in ("for", "aria-labelledby"):
                self.links.append(value)
        if tag in ACTIVE:
            self.complain(f"<{tag}> has no place here")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.complain(f"</{tag}> where </{self.open[-1] if self.open else 'nothing'}> is due")
        else:
            self.open.pop()

    def handle_data(self, data):
        for character in data:
            if ord(character) < 32 and character != "\n" or 0x202A <= ord(character) <= 0x202E or ord(character) in (0x7F, 0x2066):
                self.complain(f"the character U+{ord(character):04X} is in the text")


page = sys.stdin.buffer.read().decode("utf-8", "strict")
judge = Judge()
judge.feed(page)
judge.close()
if judge.open:
    judge.complain(f"<{judge.open[-1]}> is never closed")
for link in judge.links:
    if link not in judge.ids:
        judge.complain(f"nothing has the identifier {link}")
print(judge.count)
for problem in judge.problems[:40]:
    print(problem, file=sys.stderr)
