"""Reading YAML strictly: what is kept as typed, what is refused, and in which words."""

import random
import time
from pathlib import Path

import pytest
import yaml

from practice_rules import strict_yaml
from practice_rules.problems import Place
from practice_rules.strict_yaml import ListNode, MapNode, Node, Text, lines_of, read, read_file

# What is wrong, the file, whether a tree is given all the same, and everything that is printed.
WRONG = [
    (
        "a colon in a sentence",
        "says: Visits: every 10 days\nb: x: y\n",
        True,
        """
f.yaml:1:13  There is a second colon on this line, so it is not clear where the key ends.
  1 | says: Visits: every 10 days
    |             ^
  Put the whole text in quotes: says: "Visits: every 10 days"
f.yaml:2:5  There is a second colon on this line, so it is not clear where the key ends.
  2 | b: x: y
    |     ^
  Put the whole text in quotes: b: "x: y"
""",
    ),
    (
        "a colon at the end of a sentence",
        "says: Visits must:\n",
        True,
        """
f.yaml:1:18  There is a second colon on this line, so it is not clear where the key ends.
  1 | says: Visits must:
    |                  ^
  Put the whole text in quotes: says: "Visits must:"
""",
    ),
    (
        "a colon in a sentence that begins in quotes",
        'says: "Visits": every 10 days\n',
        True,
        """
f.yaml:1:15  There is a second colon on this line, so it is not clear where the key ends.
  1 | says: "Visits": every 10 days
    |               ^
  Put the whole text in quotes: says: '"Visits": every 10 days'
""",
    ),
    (
        "a colon in a sentence with quotes",
        'says: The "visit": every 10 days\n',
        True,
        """
f.yaml:1:18  There is a second colon on this line, so it is not clear where the key ends.
  1 | says: The "visit": every 10 days
    |                  ^
  Put the whole text in quotes: says: 'The "visit": every 10 days'
""",
    ),
    (
        "a colon in a sentence with curly quotes",
        "says: \u201cVisits: every 10 days\u201d\n",
        True,
        """
f.yaml:1:7  This begins with a curly quotation mark (“), which does not count as one here.
  1 | says: “Visits: every 10 days”
    |       ^
  Use straight quotes around it ("…" or '…'), or none.
""",
    ),
    (
        "a second colon in braces",
        "a: {b: c: d}\n",
        True,
        """
f.yaml:1:9  There is a second colon here, so it is not clear where the key ends.
  1 | a: {b: c: d}
    |         ^
  Put the text that has a colon in it in quotes.
""",
    ),
    (
        "no space after the colon, in between",
        "a:\n  b: 1\n  says:text\n  c: 2\n",
        False,
        """
f.yaml:3:3  There is no space after the colon of "says".
  3 |   says:text
    |   ^^^^^
  Write "says: text".
""",
    ),
    (
        "no space after the colon, first",
        "a:\n  says:text\n  b: 1\n",
        False,
        """
f.yaml:2:3  There is no space after the colon of "says".
  2 |   says:text
    |   ^^^^^
  Write "says: text".
""",
    ),
    (
        "no space after the colon, alone",
        "a:\n  says:text\n",
        True,
        """
f.yaml:2:3  There is no space after the colon of "says".
  2 |   says:text
    |   ^^^^^
  Write "says: text".
""",
    ),
    (
        "no space after the colon, in braces",
        "a: {b:c}\n",
        True,
        """
f.yaml:1:5  There is no space after the colon of "b".
  1 | a: {b:c}
    |     ^^
  Write "b: c".
""",
    ),
    (
        "a comma directly behind the colon",
        "a: {b:, c: d}\n",
        True,
        """
f.yaml:1:5  There is no space after the colon of "b".
  1 | a: {b:, c: d}
    |     ^^
  Write "b: " and then the value.
""",
    ),
    (
        "a bracket directly behind the colon",
        "a: {b: c, where:{d: e}}\n",
        False,
        """
f.yaml:1:11  There is no space after the colon of "where".
  1 | a: {b: c, where:{d: e}}
    |           ^^^^^^
  Write "where: " and then the value.
""",
    ),
    (
        "no colon",
        "a:\n  b: 1\n  within 45 days\n  c: 2\n",
        False,
        """
f.yaml:3:3  There is no colon on this line, so it is no key.
  3 |   within 45 days
    |   ^^^^^^^^^^^^^^
  Write "key: value". If it goes on with the text above, begin it further in than that line.
""",
    ),
    (
        "no colon in braces",
        "a: {means: Seen, with a parent.}\n",
        True,
        """
f.yaml:1:18  "with a parent." has no colon, so it is no key.
  1 | a: {means: Seen, with a parent.}
    |                  ^^^^^^^^^^^^^^
  Write "key: value". If it goes on with the text before the comma, put the whole text in quotes.
""",
    ),
    (
        "an indentation that fits no line",
        "a:\n    b: 1\n  c: 2\n",
        False,
        """
f.yaml:3:3  The indentation of this line fits no line above it.
  3 |   c: 2
    |   ^^^^
  Begin it exactly below the first letter of the line that it belongs with.
""",
    ),
    (
        "an indentation below a value",
        "a: 1\n\n# note\n  b: 2\n",
        False,
        """
f.yaml:4:3  The indentation of this line fits no line above it.
  4 |   b: 2
    |   ^^^^
  Begin it exactly below the first letter of the line that it belongs with.
""",
    ),
    (
        "a first line that is indented",
        " a: 1\nb: 2\n",
        False,
        """
f.yaml:2:1  The indentation of this line fits no line above it.
  2 | b: 2
    | ^^^^
  Begin it exactly below the first letter of the line that it belongs with.
""",
    ),
    (
        "an item among keys",
        "a: 1\n- b\n",
        False,
        """
f.yaml:2:1  An item of a list stands here, among keys.
  2 | - b
    | ^^^
  Put a key above it, or write "key: value" without the "-".
""",
    ),
    (
        "a key among items",
        "a:\n  - b\n  c: 1\n",
        False,
        """
f.yaml:3:3  A line without "-" stands here, among the items of a list.
  3 |   c: 1
    |   ^^^^
  Begin it with "- " like the others, or further in if it belongs to the item above.
""",
    ),
    (
        "an indented line below an item",
        "a:\n  - b\n   c: 1\n",
        False,
        """
f.yaml:3:4  This line begins further in than the line above, which has its value already.
  3 |    c: 1
    |    ^^^^
  Begin it where that line begins. If it goes on with the text above, put the whole text in quotes.
""",
    ),
    (
        "a quote never closed",
        'a: "abc\nb: 1\n',
        True,
        """
f.yaml:1:4  The quotation mark that opens here is never closed.
  1 | a: "abc
    |    ^
  Close it with another " at the end of the text, or leave it out.
""",
    ),
    (
        "a quote closed lines below",
        'a: "abc\nb: 1\nc: "def"\n',
        True,
        """
f.yaml:1:4  The quotation mark that opens here is closed only on line 3, and the text goes on there.
  1 | a: "abc
    |    ^
  Close it with another " where the text ends.
""",
    ),
    (
        "an apostrophe in single quotes",
        "says: 'The child's plan'\n",
        True,
        """
f.yaml:1:18  The text in quotes ends before this, but the line goes on.
  1 | says: 'The child's plan'
    |                  ^^^^^^^
  Put the whole text in one pair of quotes, of the kind that is not in it: "The child's plan"
""",
    ),
    (
        "text behind double quotes",
        'says: "Visits" are made\n',
        True,
        """
f.yaml:1:16  The text in quotes ends before this, but the line goes on.
  1 | says: "Visits" are made
    |                ^^^^^^^^
  Put the whole text in one pair of quotes, of the kind that is not in it: '"Visits" are made'
""",
    ),
    (
        "text with both kinds of quotes",
        "says: \"Visits\" of the 'plan'\n",
        True,
        """
f.yaml:1:16  The text in quotes ends before this, but the line goes on.
  1 | says: "Visits" of the 'plan'
    |                ^^^^^^^^^^^^^
  Put the whole text in one pair of quotes, of the kind that is not in it: '"Visits" of the ''plan'''
""",
    ),
    (
        "an apostrophe between brackets",
        "a: ['child's']\n",
        True,
        """
f.yaml:1:12  The text in quotes ends before this, but the line goes on.
  1 | a: ['child's']
    |            ^^^
  Put the whole text in one pair of quotes, of the kind that is not in it.
""",
    ),
    (
        "a bracket never closed",
        "a: [1, 2\nb: 3\n",
        True,
        """
f.yaml:1:4  The bracket "[" is not closed.
  1 | a: [1, 2
    |    ^
  Close it with "]".
""",
    ),
    (
        "a bracket never closed, at the end",
        "a: [1, 2\n",
        True,
        """
f.yaml:1:4  The bracket "[" is not closed.
  1 | a: [1, 2
    |    ^
  Close it with "]".
""",
    ),
    (
        "a brace never closed",
        "a: {b: 1\nc: 3\n",
        True,
        """
f.yaml:1:4  The bracket "{" is not closed.
  1 | a: {b: 1
    |    ^
  Close it with "}".
""",
    ),
    (
        "a comma missing",
        'a: {b: 1,\n    "c": 2 "d": 3}\n',
        True,
        """
f.yaml:2:15  There is a second colon here, so it is not clear where the key ends.
  2 |     "c": 2 "d": 3}
    |               ^
  Put the text that has a colon in it in quotes.
""",
    ),
    (
        "a comma missing after a bracket",
        "a: [[b] c]\n",
        False,
        """
f.yaml:1:9  A comma or a closing bracket is missing before this.
  1 | a: [[b] c]
    |         ^
  Put a comma between the parts, and "]" behind the last one.
""",
    ),
    (
        "the wrong bracket",
        "a: [b}\n",
        False,
        """
f.yaml:1:6  The bracket "[" is closed with "}".
  1 | a: [b}
    |      ^
  Close it with "]".
""",
    ),
    (
        "two commas",
        "a: [b,,c]\n",
        False,
        """
f.yaml:1:7  There is a comma too many here.
  1 | a: [b,,c]
    |       ^
  Delete it.
""",
    ),
    (
        "a bracket too many",
        "a: [1]]\n",
        False,
        """
f.yaml:1:7  There is a "]" too many here.
  1 | a: [1]]
    |       ^
  Delete it, or put the text in quotes.
""",
    ),
    (
        "a bracket on its own",
        "a: 1\n]\n",
        False,
        """
f.yaml:2:1  There is a "]" too many here.
  2 | ]
    | ^
  Delete it, or put the text in quotes.
""",
    ),
    (
        "text behind a bracket",
        "a: [b] c\n",
        False,
        """
f.yaml:1:8  The value ends before this, but the line goes on.
  1 | a: [b] c
    |        ^
  Put the whole value in quotes, or what follows on a line of its own.
""",
    ),
    (
        "reserved characters",
        "a: @x\nb: `y\nc: 1\nd: %z\n",
        True,
        """
f.yaml:1:4  A value may not begin with "@", which is kept for other uses.
  1 | a: @x
    |    ^^
  If "@" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:2:4  A value may not begin with "`", which is kept for other uses.
  2 | b: `y
    |    ^^
  If "`" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:4:4  A value may not begin with "%", which is kept for other uses.
  4 | d: %z
    |    ^^
  If "%" belongs to the text, put the text in quotes; otherwise leave it out.
""",
    ),
    (
        "an alias",
        "a: *x\nb: *very* x\n*c: d\n",
        True,
        """
f.yaml:1:4  A value may not begin with "*", which would copy a value from elsewhere.
  1 | a: *x
    |    ^^
  If "*" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:2:4  A value may not begin with "*", which would copy a value from elsewhere.
  2 | b: *very* x
    |    ^^^^^^
  If "*" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:3:1  A value may not begin with "*", which would copy a value from elsewhere.
  3 | *c: d
    | ^^^
  If "*" belongs to the text, put the text in quotes; otherwise leave it out.
""",
    ),
    (
        "an anchor",
        "a: &x y\nb: & z\n",
        True,
        """
f.yaml:1:4  A value may not begin with "&", which would name this value for use elsewhere.
  1 | a: &x y
    |    ^^
  If "&" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:2:4  A value may not begin with "&", which would name this value for use elsewhere.
  2 | b: & z
    |    ^
  If "&" belongs to the text, put the text in quotes; otherwise leave it out.
""",
    ),
    (
        "an anchor above keys",
        "b: &z\n  c: 1\n",
        False,
        """
f.yaml:1:4  A value may not begin with "&", which would name this value for use elsewhere.
  1 | b: &z
    |    ^^
  If "&" belongs to the text, put the text in quotes; otherwise leave it out.
""",
    ),
    (
        "tags",
        "b: !!python/object:os.system x\nc: !x y\nd: !\n",
        True,
        """
f.yaml:1:4  A value may not begin with "!", which would change how the value is read.
  1 | b: !!python/object:os.system x
    |    ^^^^^^^^^^^^^^^^^^^^^^^^^
  If "!" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:2:4  A value may not begin with "!", which would change how the value is read.
  2 | c: !x y
    |    ^^
  If "!" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:3:4  A value may not begin with "!", which would change how the value is read.
  3 | d: !
    |    ^
  If "!" belongs to the text, put the text in quotes; otherwise leave it out.
""",
    ),
    (
        "block signs with text",
        "a: |x\nb: > 3 weeks\nc: >2\n  d\n",
        True,
        """
f.yaml:1:4  A value may not begin with "|", which would begin a text on the lines below.
  1 | a: |x
    |    ^^
  If "|" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:2:4  A value may not begin with ">", which would begin a text on the lines below.
  2 | b: > 3 weeks
    |    ^
  If ">" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:3:4  A value may not begin with ">", which would begin a text on the lines below.
  3 | c: >2
    |    ^^
  If ">" belongs to the text, put the text in quotes; otherwise leave it out.
""",
    ),
    (
        "a block sign in brackets",
        "a: [b, >\n  c]\n",
        True,
        """
f.yaml:1:8  A value may not begin with ">", which would begin a text on the lines below.
  1 | a: [b, >
    |        ^
  If ">" belongs to the text, put the text in quotes; otherwise leave it out.
""",
    ),
    (
        "a block sign out of range",
        "a: b\n|-\n",
        False,
        """
f.yaml:2:1  The indentation of this line fits no line above it.
  2 | |-
    | ^^
  Begin it exactly below the first letter of the line that it belongs with.
""",
    ),
    (
        "a merge key",
        "a:\n  <<: b\n",
        True,
        """
f.yaml:2:3  The key "<<" would copy lines from elsewhere, and nothing is copied here.
  2 |   <<: b
    |   ^^
  Write the lines out where they are needed.
""",
    ),
    (
        "a long key",
        "? a\n: u\n",
        False,
        """
f.yaml:1:1  A key or value may not begin with a "?" and a space.
  1 | ? a
    | ^
  Write a key as "key: value" on one line, and text in quotes.
f.yaml:2:1  There is no key before the colon.
  2 | : u
    | ^
  Write "key: value".
""",
    ),
    (
        "a question mark alone",
        "a: ?\nb: ? c\nd: ?e\n",
        True,
        """
f.yaml:1:4  A key or value may not begin with a "?" and a space.
  1 | a: ?
    |    ^
  Write a key as "key: value" on one line, and text in quotes.
f.yaml:2:4  A key or value may not begin with a "?" and a space.
  2 | b: ? c
    |    ^
  Write a key as "key: value" on one line, and text in quotes.
""",
    ),
    (
        "a key that is a list",
        "[a]: 1\n",
        True,
        """
f.yaml:1:1  The key here is a list, and a key can only be a few words.
  1 | [a]: 1
    | ^^^
  If this is text, put it in quotes.
""",
    ),
    (
        "a key that is a map",
        "{a: 1}: 1\n",
        True,
        """
f.yaml:1:1  The key here is a list of keys, and a key can only be a few words.
  1 | {a: 1}: 1
    | ^^^^^^
  If this is text, put it in quotes.
""",
    ),
    (
        "an empty key",
        ": 1\n",
        False,
        """
f.yaml:1:1  There is no key before the colon.
  1 | : 1
    | ^
  Write "key: value".
""",
    ),
    (
        "an empty key in quotes",
        '"": 1\n',
        True,
        """
f.yaml:1:1  There is no key before the colon.
  1 | "": 1
    | ^^
  Write "key: value".
""",
    ),
    (
        "a duplicate key",
        "a: 1\nb:\n  a: 2\na: 3\n",
        True,
        """
f.yaml:4:1  The key "a" stands twice: on line 1 and on line 4.
  4 | a: 3
    | ^
  Keep one of the two.
""",
    ),
    (
        "escapes",
        'a: "x\\qy"\nb: "C:\\d"\nc: "a\\nb"\n',
        True,
        r"""
f.yaml:1:6  The backslash in "\q" has no meaning here.
  1 | a: "x\qy"
    |      ^^
  Write it twice if a backslash is meant, or put the text in single quotes.
f.yaml:2:7  The backslash in "\d" has no meaning here.
  2 | b: "C:\d"
    |       ^^
  Write it twice if a backslash is meant, or put the text in single quotes.
f.yaml:3:6  The backslash in "\n" has no meaning here.
  3 | c: "a\nb"
    |      ^^
  Write it twice if a backslash is meant, or put the text in single quotes.
""",
    ),
    (
        "escapes of impossible characters",
        'a: "\\U00110000"\nb: "\\ud800"\nc: "\\UFFFFFFFF"\n',
        True,
        r"""
f.yaml:1:5  The backslash in "\U00110000" has no meaning here.
  1 | a: "\U00110000"
    |     ^^^^^^^^^^
  Write it twice if a backslash is meant, or put the text in single quotes.
f.yaml:2:5  The backslash in "\ud800" has no meaning here.
  2 | b: "\ud800"
    |     ^^^^^^
  Write it twice if a backslash is meant, or put the text in single quotes.
f.yaml:3:5  The backslash in "\UFFFFFFFF" has no meaning here.
  3 | c: "\UFFFFFFFF"
    |     ^^^^^^^^^^
  Write it twice if a backslash is meant, or put the text in single quotes.
""",
    ),
    (
        "an escape at the end of the line",
        'a: "b\\\n  c"\n',
        True,
        r"""
f.yaml:1:6  The backslash in "\" has no meaning here.
  1 | a: "b\
    |      ^
  Write it twice if a backslash is meant, or put the text in single quotes.
""",
    ),
    (
        "comments behind values",
        'a: b # c\nb: "c#" # d\nc: [1] # e\nd: # f\n  - x\ne: "g"#h\n',
        True,
        """
f.yaml:1:6  A comment stands behind something else on this line.
  1 | a: b # c
    |      ^^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
f.yaml:2:9  A comment stands behind something else on this line.
  2 | b: "c#" # d
    |         ^^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
f.yaml:3:8  A comment stands behind something else on this line.
  3 | c: [1] # e
    |        ^^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
f.yaml:4:4  A comment stands behind something else on this line.
  4 | d: # f
    |    ^^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
f.yaml:6:7  A comment stands behind something else on this line.
  6 | e: "g"#h
    |       ^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
""",
    ),
    (
        "a comment behind a block sign",
        "a: | # b\n  c # d\n",
        True,
        """
f.yaml:1:6  A comment stands behind something else on this line.
  1 | a: | # b
    |      ^^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
""",
    ),
    (
        "a comment in a text of two lines",
        "says: Visits # often\n  are made.\nb: c: d\n",
        False,
        """
f.yaml:1:14  A comment stands behind something else on this line.
  1 | says: Visits # often
    |              ^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
""",
    ),
    (
        "a comment behind ---",
        "--- # a\nb: c\n",
        True,
        """
f.yaml:1:5  A comment stands behind something else on this line.
  1 | --- # a
    |     ^^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
""",
    ),
    (
        "text behind ---",
        "--- a\n",
        False,
        """
f.yaml:1:1  Something stands behind "---".
  1 | --- a
    | ^^^^^
  Move it to the next line.
f.yaml:1:5  The file should begin with a key, but it is text.
  1 | --- a
    |     ^
  Begin with a line of the form "key: value", without indentation.
""",
    ),
    (
        "curly quotes",
        "a: \u201cy\u201d\nb: \u2018z\u2019\n",
        True,
        """
f.yaml:1:4  This begins with a curly quotation mark (“), which does not count as one here.
  1 | a: “y”
    |    ^
  Use straight quotes around it ("…" or '…'), or none.
f.yaml:2:4  This begins with a curly quotation mark (‘), which does not count as one here.
  2 | b: ‘z’
    |    ^
  Use straight quotes around it ("…" or '…'), or none.
""",
    ),
    (
        "directives",
        "%YAML 1.1\n---\na: b\n%TAG ! x\n",
        True,
        """
f.yaml:1:1  "%YAML" is an instruction to a program, and no such instruction is taken here.
  1 | %YAML 1.1
    | ^^^^^^^^^
  Delete this line, or put the text in quotes on one line if it is part of a sentence.
f.yaml:4:1  "%TAG" is an instruction to a program, and no such instruction is taken here.
  4 | %TAG ! x
    | ^^^^^^^^
  Delete this line, or put the text in quotes on one line if it is part of a sentence.
""",
    ),
    (
        "two documents",
        "a: b\n---\nc: d\n",
        False,
        """
f.yaml:2:1  "---" ends the document here, and one file holds only one.
  2 | ---
    | ^^^
  Delete this line, or move what follows into a file of its own.
""",
    ),
    (
        "dots",
        "a: b\n...\n",
        True,
        """
f.yaml:2:1  "..." ends the document here, and one file holds only one.
  2 | ...
    | ^^^
  Delete this line, or move what follows into a file of its own.
""",
    ),
    (
        "empty",
        "",
        False,
        """
f.yaml  This file is empty.
  Write lines of the form "key: value".
""",
    ),
    (
        "only blank lines",
        "\n \n",
        False,
        """
f.yaml  This file is empty.
  Write lines of the form "key: value".
""",
    ),
    (
        "only comments",
        "# a\n\n# b\n",
        False,
        """
f.yaml  This file has only comments in it.
  Write lines of the form "key: value".
""",
    ),
    (
        "only ---",
        "---\n",
        False,
        """
f.yaml  This file is empty.
  Write lines of the form "key: value".
""",
    ),
    (
        "a list",
        "- a\n",
        False,
        """
f.yaml:1:1  The file should begin with a key, but it is a list.
  1 | - a
    | ^^^
  Begin with a line of the form "key: value", without indentation.
""",
    ),
    (
        "text",
        "abc\n",
        False,
        """
f.yaml:1:1  The file should begin with a key, but it is text.
  1 | abc
    | ^^^
  Begin with a line of the form "key: value", without indentation.
""",
    ),
    (
        "a tab",
        "a: b\tc\n\n",
        True,
        """
f.yaml:1:5  There is a tab here.
  1 | a: b c
    |     ^
  Use spaces: a tab looks the same but is not read so.
""",
    ),
    (
        "a tab as indentation",
        "a:\n\tb: 1\n\t c: [\n",
        False,
        """
f.yaml:2:1  There is a tab here.
  2 |  b: 1
    | ^
  Use spaces: a tab looks the same but is not read so.
f.yaml:3:1  There is a tab here.
  3 |   c: [
    | ^
  Use spaces: a tab looks the same but is not read so.
""",
    ),
    (
        "an odd space",
        "a:\xa0b\nc: d\u2009e\n",
        True,
        """
f.yaml:1:3  There is an unusual kind of space here (U+00A0).
  1 | a: b
    |   ^
  Put an ordinary space in its place; such spaces come with text pasted from elsewhere.
f.yaml:2:5  There is an unusual kind of space here (U+2009).
  2 | c: d e
    |     ^
  Put an ordinary space in its place; such spaces come with text pasted from elsewhere.
""",
    ),
    (
        "unseen characters",
        "a: b\u200bc\nd: e\x00\x07\n",
        True,
        """
f.yaml:1:5  There is a character here that cannot be seen (U+200B).
  1 | a: b�c
    |     ^
  Delete it; such characters come with text pasted from elsewhere.
f.yaml:2:5  There is a character here that cannot be seen (U+0000).
  2 | d: e␀␇
    |     ^^
  Delete it; such characters come with text pasted from elsewhere.
""",
    ),
    (
        "too deep",
        "a: [[[[[[[[[[[[x]]]]]]]]]]]]\n",
        False,
        """
f.yaml:1:15  This is nested more than 12 levels deep.
  1 | a: [[[[[[[[[[[[x]]]]]]]]]]]]
    |               ^^^^^^^^^^^^^^
  Look for brackets or indentation that should not be there.
""",
    ),
    (
        "deep enough, then not closed",
        "a: [[[[[[[[[[[\n",
        True,
        """
f.yaml:1:14  The bracket "[" is not closed.
  1 | a: [[[[[[[[[[[
    |              ^
  Close it with "]".
""",
    ),
    (
        "an item in quotes that goes on",
        '- "a" b\n- c\n',
        False,
        """
f.yaml:1:1  The file should begin with a key, but it is a list.
  1 | - "a" b
    | ^^^^^^^
  Begin with a line of the form "key: value", without indentation.
f.yaml:1:7  The text in quotes ends before this, but the line goes on.
  1 | - "a" b
    |       ^
  Put the whole text in one pair of quotes, of the kind that is not in it: '"a" b'
""",
    ),
    (
        "a comment before a broken line",
        'a: {"b # c": d, "e # f\n',
        True,
        """
f.yaml:1:17  The quotation mark that opens here is never closed.
  1 | a: {"b # c": d, "e # f
    |                 ^
  Close it with another " at the end of the text, or leave it out.
""",
    ),
    (
        "a line that begins with quotes",
        'a: 1\n"b" c\n',
        False,
        """
f.yaml:2:1  There is no colon on this line, so it is no key.
  2 | "b" c
    | ^^^^^
  Write "key: value". If it goes on with the text above, begin it further in than that line.
""",
    ),
    (
        "a lone word behind a key in quotes",
        'a: 1\n  "b": 2\n',
        False,
        """
f.yaml:2:3  This line begins further in than the line above, which has its value already.
  2 |   "b": 2
    |   ^^^^^^
  Begin it where that line begins. If it goes on with the text above, put the whole text in quotes.
""",
    ),
    (
        "a value below an item",
        "- a\n  b: c\n",
        False,
        """
f.yaml:2:3  This line begins further in than the line above, which has its value already.
  2 |   b: c
    |   ^^^^
  Begin it where that line begins. If it goes on with the text above, put the whole text in quotes.
""",
    ),
    (
        "too long a key",
        "a" * 1030 + ": b\n",
        False,
        """
f.yaml:1:1  The key on this line is longer than 1,000 characters.
  1 | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…
    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Make it shorter, or put the whole text in quotes if it is no key.
""",
    ),
    (
        "several at once",
        'a: 1 # x\nb: c: d\na: @z\ne: "f\n',
        True,
        """
f.yaml:1:6  A comment stands behind something else on this line.
  1 | a: 1 # x
    |      ^^^
  Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.
f.yaml:2:5  There is a second colon on this line, so it is not clear where the key ends.
  2 | b: c: d
    |     ^
  Put the whole text in quotes: b: "c: d"
f.yaml:3:1  The key "a" stands twice: on line 1 and on line 3.
  3 | a: @z
    | ^
  Keep one of the two.
f.yaml:3:4  A value may not begin with "@", which is kept for other uses.
  3 | a: @z
    |    ^^
  If "@" belongs to the text, put the text in quotes; otherwise leave it out.
f.yaml:4:4  The quotation mark that opens here is never closed.
  4 | e: "f
    |    ^
  Close it with another " at the end of the text, or leave it out.
""",
    ),
]


@pytest.fixture(params=["CBaseLoader", "BaseLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs with the fast parser and with the pure one."""
    name: str = request.param
    if not hasattr(yaml, name):
        pytest.skip("PyYAML was built without its fast parser")
    monkeypatch.setattr(strict_yaml, "LOADER", getattr(yaml, name))
    return name


def printed(text: str | bytes) -> str:
    return "\n".join(str(problem) for problem in read(text, "f.yaml")[1])


def tree(text: str | bytes) -> MapNode:
    root, problems = read(text, "f.yaml")
    assert problems == []
    assert root is not None
    return root


def plain(node: Node | None) -> object:
    """The tree as lists, pairs and strings."""
    if isinstance(node, MapNode):
        return {key.value: plain(value) for key, value in node.entries}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return node.value if node else None


@pytest.mark.parametrize(("text", "kept", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong(text: str, kept: bool, expected: str) -> None:
    """Each mistake is answered in exactly these words, whichever parser is used."""
    root, problems = read(text, "f.yaml")
    assert "\n".join(str(problem) for problem in problems) == expected.strip("\n")
    assert (root is not None) == kept
    windows = text.replace("\n", "\r\n").encode()
    assert printed(windows) == expected.strip("\n")


@pytest.mark.parametrize(
    "typed",
    ["no", "on", "22:00", "010", "~", "null", "1e3", "2024-03-01", "true", "a#b", "a:b", "don't", "x ?", "1 > 0"],
)
def test_text_stays_as_typed(typed: str) -> None:
    """A plain value is the text that was typed, whatever YAML would make of it."""
    root = tree(f"key: {typed}\nlist: [x, {typed}]\n")
    assert root.get("key") == Text(typed, Place(1, 6, len(typed)))
    assert plain(root.get("list")) == ["x", typed]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b", {"a": "b"}),
        ("---\na: b\n", {"a": "b"}),
        ("# c\n\n---\na: b\n# d\n\n", {"a": "b"}),
        ("a: 'it''s # x: y'\n", {"a": "it's # x: y"}),
        ('a: "say \\"x\\" \\\\ # y"\n', {"a": 'say "x" \\ # y'}),
        ("a: []\nb: {}\n", {"a": [], "b": {}}),
        ("a:\n- b\n- c: d\n  e: f\n", {"a": ["b", {"c": "d", "e": "f"}]}),
        (
            "a: [what?, is it so!, 5%, a & b, c * d, x@y]\n",
            {"a": ["what?", "is it so!", "5%", "a & b", "c * d", "x@y"]},
        ),
        ("a: {b: yes, c: [d,e]}\n", {"a": {"b": "yes", "c": ["d", "e"]}}),
        ('a: {"b":[c]}\n', {"a": {"b": ["c"]}}),
        ("a: [b: c]\n", {"a": [{"b": "c"}]}),
        ("a: |\n  b # c\n\n  ! d\ne: >-\n  f\n  g\n", {"a": "b # c\n\n! d\n", "e": "f g"}),
        ("a: b\n  # c\n\nd: e\n", {"a": "b", "d": "e"}),
        ("a: He said “x: y” — fine\n".replace(": y", " y"), {"a": "He said “x y” — fine"}),
        ("a: http://x.org/?q=1&b#c\n", {"a": "http://x.org/?q=1&b#c"}),
        ("says:\n  http://x.org\n", {"says": "http://x.org"}),
        ("\ufeffa: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        ("a: b\rc: d\r", {"a": "b", "c": "d"}),
        ("a: [b,\n  c,\n]\n", {"a": ["b", "c"]}),
        ("a: - b\n".replace("- b", "-b"), {"a": "-b"}),
        ("a :  b \n", {"a": "b"}),
        ("a: " + "[" * 11 + "]" * 11, {"a": eval("[" * 11 + "]" * 11)}),
    ],
)
def test_right(text: str, expected: object) -> None:
    """What is right is read as it stands, as text or as bytes."""
    assert plain(tree(text)) == expected
    assert plain(tree(text.encode())) == expected


def test_places_count_characters() -> None:
    """Lines and columns count from 1, in characters; lists and maps are underlined on their first line."""
    root = tree("é: \U0001f600 x\nlist:\n  - {a: 'b', c: }\n  - [1,\n     2]\nempty:\n")
    assert root.place == Place(1, 1, 6)
    assert root.get("é") == Text("\U0001f600 x", Place(1, 4, 3))
    items = root.get("list")
    assert isinstance(items, ListNode)
    assert items.place == Place(3, 3, 15)
    braces, brackets = items.items
    assert braces.place == Place(3, 5, 13)
    assert isinstance(braces, MapNode)
    assert braces.get("a") == Text("b", Place(3, 9, 3), "single")
    assert braces.get("c") == Text("", Place(3, 16), "empty")
    assert brackets.place == Place(4, 5, 3)
    assert root.get("empty") == Text("", Place(6, 7), "empty")
    assert root.key("empty") == Text("empty", Place(6, 1, 5))
    assert (root.get("none"), root.key("none")) == (None, None)


@pytest.mark.parametrize(
    ("text", "value", "style", "length"),
    [
        ("a: b\n  c\n", "b c", "plain", 1),
        ("a: 'b\n  c'\n", "b c", "single", 2),
        ('a: "b\n  c"\n', "b c", "double", 2),
        ("a: |\n  b\n", "b\n", "literal", 1),
        ("a: >-\n  b\n  c\n", "b c", "folded", 2),
        ("a:\n  b\n  c\n", "b c", "plain", 1),
    ],
)
def test_several_lines(text: str, value: str, style: str, length: int) -> None:
    """A value over several lines says so, and is underlined on its first line only."""
    found = tree(text).get("a")
    assert isinstance(found, Text)
    assert (found.value, found.style, found.multiline, found.place.length) == (value, style, True, length)


def test_the_tree_after_repairs() -> None:
    """After mistakes that end with their line the tree is what the author meant, so that more can be checked."""
    root, problems = read("a: b: c\nd: @e\nf: 'it's'\ng: \"h\\q\"\ni: [j, k\n", "f.yaml")
    assert len(problems) == 5
    assert plain(root) == {"a": "b: c", "d": "@e", "f": "'it's'", "g": "h\\q", "i": "[j, k"}


def test_first_of_two_keys_is_kept() -> None:
    """Of two equal keys the first counts; keys that cannot be keys are left out."""
    root, problems = read("a: 1\na: {b: 2}\n[c]: 3\n<<: 4\n'': 5\n", "f.yaml")
    assert len(problems) == 4
    assert plain(root) == {"a": "1"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            "a: b\nc: é the child\u2019s plan\n".encode("cp1252"),
            "f.yaml:2:4  This file is not saved as UTF-8: the byte 0xe9 cannot be read here.\n"
            "  2 | c: é the child\u2019s plan\n    |    ^\n"
            '  Save it again with the encoding "UTF-8".',
        ),
        ("a: é".encode() + b"\xff\r\n", None),
        ("a: b".encode("utf-16"), "f.yaml  This file is saved as UTF-16, not as UTF-8.\n"),
        ("a: b".encode("utf-16-le"), "f.yaml  This file is saved as UTF-16, not as UTF-8.\n"),
        ("a: b".encode("utf-16-be"), "f.yaml  This file is saved as UTF-16, not as UTF-8.\n"),
        ("a: b".encode("utf-32"), "f.yaml  This file is saved as UTF-32, not as UTF-8.\n"),
        (b"x" * 1_000_001, "f.yaml  This file is larger than 1 MB, which is more than can be read.\n"),
        ("x" * 1_000_001, "f.yaml  This file is larger than 1 MB, which is more than can be read.\n"),
        (b"\0" * 500, "f.yaml:1:1  There is a character here that cannot be seen (U+0000).\n"),
    ],
)
def test_bytes_that_cannot_be_read(data: bytes | str, expected: str | None) -> None:
    """A wrong encoding is named, with the place of the first byte that does not fit; a file too large is not read."""
    root, problems = read(data, "f.yaml")
    assert (root, len(problems)) == (None, 1)
    if expected is None:
        assert problems[0].place == Place(1, 5)
    else:
        assert str(problems[0]).startswith(expected)


def test_surrogates() -> None:
    """A string that cannot be written to a file is refused, not a crash."""
    assert "cannot be seen (U+D800)" in printed("a: \ud800\n")


def test_read_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read from its path; one that cannot be is a problem in plain words."""
    good, big = tmp_path / "good.yaml", tmp_path / "big.yaml"
    good.write_bytes(b"a: b\n")
    big.write_bytes(b"x" * 2_000_000)
    root, problems = read_file(good)
    assert (plain(root), problems) == ({"a": "b"}, [])

    def said(path: object) -> str:
        root, (problem,) = read_file(str(path))
        assert (root, problem.file, problem.place) == (None, str(path), None)
        return problem.message

    assert said(big) == "This file is larger than 1 MB, which is more than can be read."
    assert said(tmp_path) == "This is a folder, not a file."
    assert said(tmp_path / "none.yaml") == "There is no such file."
    assert said("a\0b") == "This file cannot be read."
    assert said(good / "below") == "This file cannot be read."

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("builtins.open", refuse)
    assert said(good) == "This file may not be read."
    assert said(tmp_path) == "This is a folder, not a file."


def test_lines_of() -> None:
    """Lines are counted as places count them, whatever ends them."""
    assert lines_of("\ufeffa\r\nb\rc\n\x85d".encode()) == ["a", "b", "c", "\x85d"]
    assert lines_of("a\r\nb") == ["a", "b"]
    assert lines_of(b"a\xff") == ["a\ufffd"]


LARGE = 1_000_000


#: Seconds after which something hangs. How fast it is, is measured in bench/.
HANGS = 30


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "This is nested more than 12 levels deep."),
        ("{a: " * 100_000, "This is nested more than 12 levels deep."),
        ("- " * 100_000, "This is nested more than 12 levels deep."),
        ("\n".join(" " * i + "a:" for i in range(1000)), "This is nested more than 12 levels deep."),
        ("a: [" + "b," * 300_000, "There are more than 50,000 keys and values up to here"),
        ("ab\0\n" * 250_000, "There is a character here that cannot be seen (U+0000)."),
        ("\t\n" * 500_000, "There is a tab here."),
        ("%\n" * 500_000, '"%" is an instruction to a program'),
        ("a: b #\n" * 140_000, "A comment stands behind something else on this line."),
        ("a: &a [x]\n" + "b: &b [*a, *a, *a, *a]\n" * 30_000, 'A value may not begin with "&"'),
        ("a: b: c\n" * 120_000, "There is a second colon on this line"),
        ("a: b" + " " * 900_000 + ": c", "There is a second colon on this line"),
        ('a: "' + "\\q" * 400_000, 'The backslash in "\\q" has no meaning here.'),
        ('a: "' + "x\n" * 400_000, "The quotation mark that opens here is never closed."),
        ("".join(f"a{i}: 1\n" for i in range(12_000)) * 2, 'The key "a0" stands twice'),
        ("#\n" * 500_000, "This file has only comments in it."),
        (" " * LARGE, "This file is empty."),
        ("a: b\n" * 4000 + "a: b: c\n" * 4000, 'The key "a" stands twice'),
    ],
)
def test_wrong_files_are_answered_and_do_not_hang(text: str, message: str) -> None:
    """A wrong file of any size or depth is answered, with no more than 100 problems, and nothing hangs."""
    begun = time.process_time()
    _, problems = read(text[:LARGE].encode(), "f.yaml")
    taken = time.process_time() - begun
    assert any(problem.message.startswith(message) for problem in problems)
    assert len(problems) <= 101
    assert taken < HANGS


def test_only_the_first_hundred() -> None:
    """Of very many problems the first hundred are given, and a word that there are more."""
    _, problems = read("a: &b c\n" * 300, "f.yaml")
    assert len(problems) == 101
    assert problems[-1].message == "Only the first 100 problems are shown."


PIECES = [
    "a: b\n", "a:\n  says: Visits are made: weekly\n", "  - x\n", "  within: 45 working days\n", "e: [1, 2, three]\n",
    'c: {d: e, f: "g h"}\n', 'f: "quo\\"ted # x"\n', "g: 'it''s'\n", "# note\n", "h: |\n  block\n  text\n", "\n",
    "i: >-\n  fold\n   x\n", "j: plain\n  goes on\n", "k:\n- l\n- m: n\n  o: p\n", "q: r # s\n", "? t\n: u\n", "---\n",
    '"v": w\n', "x: &y z\n", "y: *y\n", "z: !t s\n", "...\n", "%YAML 1.2\n",
    "s:\n  of:\n    - {t: y, where: {z: no}}\n",
]  # fmt: skip
CHARACTERS = [
    *" :#-?\"'[]{},&*!|>@`%\\~\n\nxyz\u201cé\U0001f600\t\r\u00a0",
    ": ",
    "- ",
    " #",
    "\\u",
    "''",
    "\n  ",
    "!<",
]


def spoilt(seed: int) -> str:
    """A file put together from pieces, with a few characters put in or taken out."""
    chance = random.Random(seed)
    text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6)))
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(text))
        if chance.random() < 0.6:
            text = text[:at] + chance.choice(CHARACTERS) + text[at:]
        else:
            text = text[:at] + text[at + chance.randint(1, 4) :]
    return text


def test_spoilt_files(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is typed, there is a tree or a problem, no line is too long, and both parsers lead to the same."""
    other = yaml.BaseLoader if loader == "CBaseLoader" else yaml.CBaseLoader
    for seed in range(1500):
        text = spoilt(seed)
        root, problems = read(text, "f.yaml")
        assert root is not None or problems, text
        assert all(len(line) <= 120 for problem in problems for line in str(problem).splitlines()), text
        with monkeypatch.context() as patch:
            patch.setattr(strict_yaml, "LOADER", other)
            assert read(text, "f.yaml") == (root, problems), text
