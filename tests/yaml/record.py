"""Records what the real program makes of tricky YAML texts, into recorded.jsonl beside this file.

Run it with the Python of an environment that has hermes-agent 0.19.0; `tests/yaml.rs` then compares without Python.
A text is a string, or a list of [string, count] pairs to be repeated and joined. `suite.jsonl` adds those of the YAML
test suite.
"""

import base64
import datetime
import json
import tempfile
from pathlib import Path

import yaml
from utils import fast_safe_load

# One plain scalar a line: what the implicit resolvers make of it.
PLAIN = """
~ null Null NULL nULL nil none None
yes Yes YES yEs no No NO y Y n N true True TRUE tRue false False FALSE on On ON off Off OFF
0 00 -0 +0 1 -1 +1 - + 12 1_000 1__000 _1 1_ -_1 0_ 0_7 07 0777 -0777 +07 08 0o7 0O7 09 0_8
0x1F 0xff 0x 0x_ 0x_f -0xA +0xa 0Xa 0b101 0b 0b_ 0b2 -0b1 +0b0 0B1
1:30 1:60 1:5 01:30 1:30:00 -1:30 +1:30 60:30 190:20:30 190:20:60 1:2:3:4:5 1: 1:2_0 1_0:20
1. 1.0 -1.0 +1.0 .5 -.5 +.5 ._5 1._ 1_0.5_0 1e5 1e+5 1.e5 1.0e5 1.0e+5 1.0E-5 1.5e+ .5e+3 .e+3 00.5 0.1e+400
1.0e+308
1.7976931348623157e+308 4.9e-324 5e-324 0.1 123456789.123456789 9007199254740993.0
1:30.5 1:30. 190:20:30.15 -1:30.5 1:60.5 1:30.5e+3 0:0.0
.inf .Inf .INF .iNF -.inf +.inf ..inf inf .nan .NaN .NAN -.nan nan .nAn
9223372036854775807 9223372036854775808 -9223372036854775809 123456789012345678901234567890
0xFFFFFFFFFFFFFFFFFF 0777777777777777777777777
2001-12-14 2001-1-1 2001-12-1 12001-12-14 2001-02-29 2000-02-29 1900-02-29 0000-01-01 0001-01-01 9999-12-31
2001-13-01 2001-00-01 2001-01-00 2001-01-32
2001-12-14t21:59:43 2001-12-14T21:59:43Z 2001-12-14T21:59:43.5 2001-12-14T21:59:43.
2001-12-14T21:59:43.1234567 2001-12-14T21:59:43.000000
2001-1-1T1:00:00 2001-12-14T21:59:43+05:30 2001-12-14T21:59:43-5 2001-12-14T21:59:43+00:00
2001-12-14T21:59:43-00:00 2001-12-14T21:59:43+23:59
2001-12-14T21:59:43+24:00 2001-12-14T21:59:43+1:75 2001-12-14T21:59:43z 2001-12-14T24:00:00
2001-12-14T21:60:00 2001-12-14T21:59:60 2001-12-14T21:59 2001-12-14T
= == << <<< < => .. ... . / \\ $HOME ${VAR} a:b a#b -a -1a ?a :a a? 1a 0xg sk-fake-0123 AIza-fake-0 12:30:45
1.2.3 1.2.3.4 v1 1,2 1/2 50%
"""

# Written as they stand, several lines or words each.
DOCUMENTS = [
    # Empty and nearly empty.
    "", "\n", " ", "# only a comment", "---", "---\n...", "...", "--- \n# c\n", "\ufeff", "\ufeff# c",
    "--- ~", "- ", "-", ":", "? ", "?", "? :", "{}", "[]",
    # Block mappings.
    "a: 1\nb: 2\n", "a:\n  b:\n    c: 1\n  d: 2\n", "a: 1\n b: 2\n", "a:\n b: 1\n  c: 2\n",
    "a:\n    b: 1\n  c: 2\n", "  a: 1\n  b: 2", "  a: 1\n b: 2", " a: 1\nb: 2", "a:1", "a: b: c", "a: 'b': c",
    "a : 1", "a  :   1  ", "a:\n", "a:\nb:\n", "a:\n- 1\n- 2\nb: 3", "a:\n  - 1\n - 2", "a: - 1", "a:\n-1",
    "'a': 1\n\"b\": 2", "a b c: d e f", "a: b\n c\n  d: e", "a: b\n  c\n   d\ne: f", "? a\n: b\n? c\n: d",
    "? a\n? b\n", "? a\n: b\nc: d", "? - a\n: b", "? {a: b}\n: c", "? |\n  block key\n: - one\n  - two",
    "? a b\n  c\n: d", ": a", ": a\n: b", "a: 1\na: 2", "a: 1\n'a': 2\n\"a\": 3",
    "1: a\n1.0: b\ntrue: c\n0x1: d", "~: a\nnull: b\n: c", "yes: a\non: b\ntrue: c", "1:30: x",
    "12: a\n'12': b",
    # Block sequences.
    "- a\n- b", "- a\n -b", "-a\n-b", "- - a\n  - b\n- c", "- a\n  - b", "- a: 1\n  b: 2\n- c: 3",
    "- a: 1\n b: 2", "-\n  a: 1\n-\n  b: 2", "-\n a\n-\n b", "- \n- \n- x", "- a\n\n\n- b",
    "- a # c\n# d\n- b", "- - - - a", "- ? a\n  : b", "- a:\n  - b\n  c: d", "-\ta", "- a\n- b\nc: d",
    "a: 1\n- b",
    # Flow collections.
    "[a, b, c]", "[a, b, c,]", "[a,,b]", "[,a]", "[a b, c d]", "[a\n b, c]", "[a: b, c: d]", "[a: b c: d]",
    "[? a : b]", "[: a]", "[a:]", "[a :b]", "[\"a\":b]", "['a' :b]", "{a, b}", "{a: , b: }", "{a: 1, b}",
    "{a: 1, b: 2,}", "{,}", "{a: 1 b: 2}", "{\"a\":1}", "{a:1}", "{a: [1, {b: c}], d: {}}", "{? a : b}",
    "{? : b}", "{? }", "{a: b, c", "[a, b", "[a, b}", "{a: b]", "a]", "[a]]", "[a] b", "[a]: b", "{a: b}: c",
    "[[a]]: b", "a: [\n1,\n2\n]", "a: [\n1,\n2\n]\nb: 1", "[a # c\n, b]", "[a#c, b]", "[#c\na]", "[a, #c\nb]",
    "{http://a.b/c: d}", "[http://a.b/c, x]", "[a]b", "- [a, b]\n- {c: d}", "[-, a]", "[- a]", "[-a, ?b, :c]",
    "{a: -}", "{-: 1}", "[&a a, *a]", "[!!str 1, ! 2]", "[|, a]", "[a, [b, [c, [d]]]]",
    "{a: {b: {c: {d: e}}}}", "[\t a,\tb\t]", "{\n a: 1\n,b: 2}", "key: {\na: 1\n}", "[a,\n]", "- [\n- a]",
    # Plain scalars over lines, indicators inside.
    "a\nb\n\nc", "a: x\n  y\n\n  z\nb: 1", "a: x\ny", "a: x # c\n  y", "a: x#y", "a: x:y", "a: x: y",
    "a: x -y", "a: - y", "a: ?y", "a: ? y", "a: [x", "a: x]", "a: x, y", "a: %x", "%x: a", "a: @x", "a: `x`",
    "a: &", "a: *", "a: !", "a: | x", "a: > x", "a: |x", "a: 'x", "a: \"x", "a: x'y\"z", "a: 'x' y",
    "a: \"x\" y", "a: x\n# c\n  y", "a: --- x", "a: ...", "a\n---\n", "a: x\n...\n", "a: x\n... # c\n",
    "a: x\n...\nb: y",
    # Quoted scalars.
    "'it''s'", "'a\n b\n\n c'", "'a\\nb'", "''", "' a '", "'a\n'", "\"\"", "\" a \"", "\"a\\nb\\tc\"",
    "\"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\"", "\"\\x41\\u00e9\\U0001F600\"", "\"\\'\"",
    "\"\\q\"", "\"\\x4\"", "\"\\xZZ\"", "\"\\u12\"", "\"\\uD800\"", "\"\\uD83D\\uDE00\"", "\"\\U00110000\"",
    "\"\\U0010FFFF\"", "\"a\n b\n\n c\"", "\"a \\\n  b\"", "\"a\\\nb\"", "\"a\n  \\ b\"", "\"a\n---\nb\"",
    "'a\n...\nb'", "\"a\n\tb\"", "\"a\tb\"", "'a\n# b'", "\"a\" # c", "\"a\"#c", "a: \"b\nc\"",
    "a: 'b\n\n\nc'\nd: e", "\"a\": 'b'", "\"a\\x00b\"", "\"\\x07\"", "\"a", "'a", "a: \"b\nc: d",
    "\"a\nb\": c", "'a'b", "\u201ca\u201d: \u2018b\u2019",
    # Block scalars.
    "a: |\n  x\n  y\n", "a: >\n  x\n  y\n\n  z\n", "a: |-\n  x\n\n", "a: |+\n  x\n\n\n", "a: >-\n  x\n\n",
    "a: >+\n  x\n\n", "a: |2\n   x\n  y", "a: |1\n  x\n y", "a: |0\n  x", "a: |10\n  x", "a: |-2\n   x",
    "a: |2-\n   x", "a: |--\n  x", "a: |+2-\n x", "a: | # c\n  x # y", "a: |#c\n  x", "a: |\nb: 1",
    "a: |\n\n\n  x", "a: |\n    x\n   y\n  z", "a: |\n   \n  x", "a: |\n     \n  x", "a: >\n  x\n   y\n  z",
    "a: >\n  x\n\n   y\n\n  z\n", "a: |\n\tx", "a: |\n  x\n\ty", "a: |\n  x\n y", "|\n x", "--- |\n x",
    "--- >\nx\n y", "- |\n x\n- >\n y", "a: |\n  x\n# c\nb: 1", "a: |\n  x\n  # c\n", "a: |\n  - x\n  b: [",
    "a: |", "a: >", "a: |\n", "a: |+\n\n\n", "a: >+\n\n", "a: |\n  x\n---\nb", "a: |\n  é\n   键\n",
    "a: |3\n  x", "a:\n  |\n  x", "a:\n  - |\n   x\n  - y", "a: !!int |\n  12\n", "a: &x |\n  y\nb: *x",
    "a: |\n x\n\n\n\nb: y",
    # Anchors and aliases.
    "a: &x 1\nb: *x", "- &a b\n- *a", "*a", "a: *a", "- &a 1\n- &a 2", "&a a: 1\n&a b: 2", "&a", "- &a\n- *a",
    "&a &b c", "&a [*a]", "&a {b: *a}", "&a {*a : b}", "- &a [&b [*a], *b]\n- *b", "- &a {b: &c [*a]}\n- *c",
    "&a-b_c 1", "&a.b 1", "- &a,b 1", "[&a, *a]", "[&a , *a ]", "{&a a: *a}", "{&a a: &b b, *b : *a}", "&é x",
    "- *a\n- &a b", "a: &x\n  b: 1\nc: *x", "a: &x\nb: *x", "a: &x # c\n  b: 1", "*a : b", "? *a\n: b",
    "&a a: b\n*a : c", "&a\na: b", "&a - b", "- &a\n  - b\n- *a", "& a", "* a", "&a: b", "*a: b", "a: *b c",
    "- &a a\n- *a b", "a: & b",
    # Tags.
    "! a", "! 12", "! '12'", "! \"yes\\n\"", "! \"~\"", "! \"<<\"", "! \"=\"", "! \"!\"", "! \"&\"", "! [a]",
    "! {a: b}", "!", "!!str", "!!str 12", "!!str ~", "!!str [a]", "!!str {a: b}", "!!str {=: b}",
    "!!str {a: 1, =: 2}", "!!str {=: !!str {=: c}}", "!!str {=: [a]}", "&a !!str {=: *a}", "!!str &a 12",
    "&a !!str 12", "!!null x", "!!null [a]", "!!bool yes", "!!bool Yes", "!!bool yEs", "!!bool x",
    "!!bool ''", "!!bool [a]", "!!int 12", "!!int '12'", "!!int ' 12 '", "!!int 1.5", "!!int x", "!!int ''",
    "!!int '-'", "!!int '_'", "!!int '+'", "!!int 08", "!!int 0o17", "!!int 0x", "!!int 0xfg",
    "!!int '0x 1f'", "!!int 0b102", "!!int 1:2:3", "!!int 1::3", "!!int '1: 2'", "!!int \"\u0661\u0662\"",
    "!!int 'é'", "!!int --1", "!!int [a]", "!!int {=: 3}", "!!int 1e3", "!!int 0_1_7", "!!float 12",
    "!!float '1e5'", "!!float inf", "!!float -Infinity", "!!float nan", "!!float .inf", "!!float '-.nan'",
    "!!float x", "!!float ''", "!!float '_'", "!!float 1:30", "!!float 1:2:x", "!!float 0x10",
    "!!float ' 1.5 '", "!!float 1_0.5", "!!float 1._5", "!!float \"\uff11\uff0e5\"", "!!float [a]",
    [["!!float 1", 1], [":0", 172], [":1", 1]], [["!!float 1", 1], [":0", 180], [":1", 1]],
    "!!binary aGVsbG8=", "!!binary aGVsbG8", "!!binary aGVsb", "!!binary a", "!!binary ''",
    "!!binary 'a G V s'", "!!binary |\n aGVs\n bG8=\n", "!!binary aGVs=bG8=", "!!binary a===",
    "!!binary aa==zz", "!!binary é", "!!binary aé键b", "!!binary aéb", "!!binary \U0001f600",
    "!!binary \u952e", "!!binary '!!!'", "!!binary [a]", "!!timestamp 2001-01-01", "!!timestamp '2001-1-1'",
    "!!timestamp x", "!!timestamp \"2001-01-01\\n\"", "!!timestamp 2001-01-01 1:2:3",
    "!!timestamp 2001-02-30", "!!timestamp {=: 2001-01-01}", "!!timestamp [a]", "!!set {a, b}",
    "!!set {a: 1, b: 2}", "!!set [a]", "!!set a", "!!set {[a]: b}", "!!set\n? a\n? b", "!!set {1, 1.0, true}",
    "!!omap [a: 1, b: 2]", "!!omap {a: 1}", "!!omap a", "!!omap [a]", "!!omap [{a: 1, b: 2}]", "!!omap [{}]",
    "!!omap []", "!!omap [a: 1, a: 2]", "!!omap [[a]: {b: c}]", "!!pairs [a: 1, a: 2]", "!!pairs {a: 1}",
    "!!pairs x", "!!pairs [x]", "!!pairs [{a: 1, b: 2}]", "&a !!omap [b: *a]", "!!seq {a: b}", "!!seq a",
    "!!map [a]", "!!map a", "!!seq [a]", "!!map {a: b}", "!!merge a", "!!value a", "!!yaml a", "!!foo a",
    "!foo a", "!foo [a]", "!foo {a: b}", "!foo", "a: !foo\nb: 1", "!!python/object:os.system x",
    "!!python/tuple [1]", "!!python/name:os.system", "!<tag:yaml.org,2002:str> 1",
    "!<tag:yaml.org,2002:int> '1'", "!<foo> a", "!<> a", "!<a", "!a!b c", "!a%20b c", "!a%2Fb c", "!%C3%A9 c",
    "!%ED%A0%80 c", "!%F5%80%80%80 c", "!%C0%80 c", "!%zz c", "!%4 c", "!a'b c", "!\"a\" c", "!a,b c",
    "!!str,x", "!é a", "!! a", "!!!a b", "[!!str, a]", "[!!str , a]", "{!!str a: !!int b}",
    "- !!str\n- !!null\n- !!int", "!x%00y a", "!!str%00 1",
    # Merges and `=`.
    "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3, z: 4}", "a: &a {x: 1}\nb: {y: 2, <<: *a}",
    "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}",
    "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*b, *a], z: 1}", "{<<: {a: 1}, <<: {a: 2, b: 3}}",
    "{<<: {<<: {a: 1}, b: 2}, c: 3}", "{<<: 1}", "{<<: }", "{<<: ''}", "{<<: [1]}", "{<<: [[a]]}", "{<<: []}",
    "{<<: {}}", "{<<: [{}, {a: 1}]}", "{'<<': {a: 1}}", "{\"<<\": 1}", "&a {<<: *a}", "&a {<<: *a, b: 1}",
    "&a {b: {<<: *a}}", "- &a {<<: &b {c: 1}}\n- *b\n- <<: *a", "<<", "[<<]", "a: <<", "<<: {a: 1}\nb: 2",
    "<<: &x {a: 1}\nb: *x", "{<<: {[a]: b}}", "{<<: {a: !foo b}}", "!!set {<<: {a, b}, c}",
    "!!omap [<<: {a: 1}]", "{=: 1}", "=", "[=]", "a: =", "{a: =}", "{=: =}", "=: 1\na: 2",
    "- {=: 1}\n- {<<: {=: 2}}", "- &k =\n- {*k : 1}", "- {? &k = : 1}\n- *k", "{!!merge x: {a: 1}}",
    "{!!value x: 1}", "{! '<<': {a: 1}}", "!!map {<<: {a: 1}}", "{<<: !!set {a}}", "{<<: !!omap [a: 1]}",
    "{<<: !foo {a: 1}}",
    # Keys that cannot be, and other errors of construction; the order in which they are found.
    "{[a]: b}", "{{a: b}: c}", "? [a]\n: b", "{!!set {a}: b}", "{!!omap []: b}", "{!!binary aa==: b}",
    "{2001-01-01: a}", "{.nan: 1, .nan: 2}", "{!!float nan: 1, !!float nan: 2}",
    "{.nan: 1, .NaN: 2, -.nan: 3}", "{1: a, 1.0: b, 2: c, !!float 2: d}", "{0: a, -0.0: b, false: c}",
    "{18446744073709551616: a, 18446744073709551616.0: b}",
    "{2001-01-01 00:00:00 Z: a, 2001-01-01 01:00:00 +1: b}",
    "{2001-01-01 00:00:00: a, 2001-01-01: b, 2001-01-01 00:00:00 Z: c}", "- [!a b]\n- !c d",
    "- {a: [!b c]}\n- [!d e]\n- !f g", "- {a: !!int x}\n- !b c", "- [[!!int x]]\n- [!b c]",
    "- &a [!b c]\n- *d", "{a: !b c, [d]: e}", "{[d]: e, a: !b c}", "{!b c: d}", "[!!bool x, !!int y]",
    # Directives and documents.
    "%YAML 1.1\n--- a", "%YAML 1.2\n--- a", "%YAML 1.0\n--- a", "%YAML 2.0\n--- a",
    "%YAML 1.1\n%YAML 1.1\n--- a", "%YAML 1.1\na", "%YAML\n--- a", "%YAML 1\n--- a", "%YAML 1.x\n--- a",
    "%YAML 1.1 x\n--- a", "%YAML 1.1 # c\n--- a", "%YAML 99999999999.1\n--- a", "%FOO bar\n--- a",
    "%TAG ! tag:a,2000:\n--- !b c", "%TAG !y! tag:yaml.org,2002:\n--- !y!int '3'",
    "%TAG !! tag:a,2000:\n--- !!str b", "%TAG !a! b\n%TAG !a! c\n--- d", "%TAG !a b\n--- c", "%TAG\n--- c",
    "%TAG ! \n--- c", "%TAG !e! tag:e%\n--- c", "--- !e!a b", "%TAG !e! !\n--- !e!a b", "%", "% a",
    "a\n%YAML 1.1\n---\nb", "--- a\n--- b", "a\n--- b", "--- a\n...\n--- b", "--- a\n...", "--- a\n... b",
    "a\n...\n...\n", "...\na", "---\n---", "--- a\n---", "---\na: 1\n...\n%YAML 1.1\n---\nb", "---a",
    "--- - a\n", "--- a: b", "--- [a]", "--- {a: b}\n", "---\t a", "a: 1\n---\n*b", "a: 1\n---\n\t",
    "a: 1\n...\n\x07", "--- |\n a\n--- b", "--- 'a\n--- b'",
    # Comments and white space.
    "a: 1 # c\n# d\nb: 2#e", "# a\n# b\n\na: 1", "a: # c\n  b: 1", "a: # c\n  - b # d\n  # e\n  - c",
    "#a\n  # b\n    # c\nd: 1\n  # e", "a: 1\t# c", "a: 1#c\t#d", "\ta: 1", "a:\t1", "a:\n\tb: 1",
    "a: 1\n\t\nb: 2", "a: 1\n\t# c\nb: 2", "a:\n  b: 1\n\tc: 2", "a: b\n\tc", "- a\n-\tb", "-\t- a",
    "a: \t b", "[\ta\t]", " \n \na: 1", "a: 1 \nb: 2 \n", "a: 1\n \n  \nb: 2",
    # Line ends.
    "a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r", "a: 1\n\rb: 2", "a: |\r\n  x\r\n  y\r\n", "a: \"x\r\n\r\n  y\"\r\n",
    "a: x\r\n  y\r\nb: *z\r\n", "a: 1\x85b: 2", "a: 1\u2028b: 2", "a: 1\u2029b: 2", "a: x\u2028  y\nb: *z",
    "a: |\n  x\u2028  y\u2029  z\x85  w\n", "\"a\u2028b\"", "# c\u2028a: 1", "a: 1\r\n\tb: 2\r\n",
    "a: \r\n- b\r\n- c: d: e\r\n",
    # Characters.
    "é: à", "键: 值", "\U0001f600: \U0001f680", "a\uff1a b", "\u2022 a: b", "\u2022 a\n\u2022 b",
    "a: \u201cb\u201d", "\ufeffa: 1", "\ufeffa: *x", "\ufeff- a\n- \x01", "a: \ufeff1", "a: 1\n\ufeffb: 2",
    "\xa0a: 1", "a:\xa01", "a:\n\xa0 b: 1\n\xa0 c: 2", "a: b\xa0", "a\u200b: 1", "a: \x00", "\x00", "a: \x07",
    "a: \x1b[0m", "a: \x7f", "a: \x80", "a: \x9f", "a: \xa0", "a: \ud7ff", "a: \ue000", "a: \ufffd",
    "a: \ufffe", "a: \uffff", "a: \U0010ffff", "é: \x01", "a\r\nb: \x02", "\"\x01\"", "# \x01", "a: 'é\x0b'",
    "a: \x0c",
    # What people paste.
    "model:\ndefault: gemini-flash # 模型\nprovider: google\ncredential_pool:\ngemini:\n- provider: google\napi_key: GEMINI_API_KEY_1\n- provider: google\napi_key: GEMINI_API_KEY_2\nproviders: {}\n",
    "model:\n\u2022 provider: google\n  api_key: A\n\u2022 provider: google\n",
    "model:\n  default: a\n provider: b\n", "model:\n\tdefault: a\n", "```yaml\nmodel: a\n```",
    "model: a\n```", "    1  model: a\n    2  provider: b\n", "model: a\n\nGEMINI_API_KEY=x\n",
    "GEMINI_API_KEY=x\nOTHER=y\n", "> model:\n>   default: a\n", "$ cat config.yaml\nmodel: a",
    "model: {default: a, provider: b", "model: default: a", "api_key: *key", "api_key: @key", "api_key: %key",
    "api_key: sk-fake:abc", "base_url: http://localhost:8080/v1\nkey: a: b", "base_url: \"http://x\n",
    "model: \u201ca\u201d\nprovider: \u2018b\u2019",
    "provider: no\nenabled: off\nversion: 1.10\nport: 0o17\ntime: 22:30\n",
    "custom_providers:\n- name: a\n  base_url: b\n- name: c\nbase_url: d\n",
    "{\n  \"model\": {\"default\": \"a\", \"n\": null},\n  \"list\": [1, 2.5e3, true]\n}", "{\n\t\"a\": 1\n}",
    "model:\n  default: a\n...\nproviders: {}\n", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n",
    "- model: a\n  - provider: b\n", "key : - a\n", "a: ${HOME}/x\nb: {c: ${D}}\n", "a: {{ x }}", "a: [${X}]",
    "password: pa#ss\ntoken: ab #cd\n", "a: 'it's'", "a: \"C:\\path\"", "a: 'C:\\path'", "a: C:\\path",
    "path: ~/x\nhome: ~\n",
    # Lengths: keys of 1024 characters, whatever their bytes, and where the reader's buffer ends.
    [["a", 1024], [": v", 1]], [["a", 1025], [": v", 1]], [["a", 1026], [": v", 1]],
    [["é", 1023], [": v", 1]], [["é", 1024], [": v", 1]], [["é", 1025], [": v", 1]],
    [["键", 700], [": 值^é\n\"\\x5e^é\\u00e9\": '^é'", 1]], [["[", 1], ["\U0001f600", 1024], [": v]", 1]],
    [["[", 1], ["\U0001f600", 1025], [": v]", 1]], [["{", 1], ["键", 1022], [": v, é: ^}", 1]],
    [["\"", 1], ["^é\\x5e", 300], ["\": é", 1]], [["- &a ", 1], ["é^", 600], ["\n- *a", 1]],
    [["a: >\n  ", 1], ["é^ ", 500], ["\n\n  ^é\nb: é", 1]],
    [["a: | # é^\n  ", 1], ["^é", 600], ["\n  é\n", 1]], [["é", 600], [": \x01", 1]],
    [["\ufeffé", 1], ["é", 600], [": *x", 1]], [["k: v\r\n", 1], ["é", 1030], [": v", 1]],
    [["a: b\n", 3200], ["c: d: e\n", 1], ["a: b\n", 100], ["\x01", 1]],
    [["a: b\n", 3300], ["c: d: e\n", 1], ["\x01", 1]],
    [["a: b\n", 3000], ["c: d: e\n", 1], ["a: b\n", 100], ["\x01", 1]],
    [["a: é\n", 2600], ["c: d: e\n", 1], ["a: b\n", 150], ["\x01", 1]],
    [["a: é\n", 2725], ["c: d: e\n", 1], ["a: b\n", 700], ["\x01", 1]],
    [["键: 值\n", 1700], ["\t", 1], ["a: b\n", 900], ["\x07", 1]],
    [["键: 值\n", 2047], ["\t", 1], ["a: b\n", 500], ["\x07", 1]],
    [["a: b\r\n", 2800], ["c: d: e\n", 1], ["\x01", 1]],
    [["a: b\r\n", 3000], ["c: d: e\n", 1], ["a: b\n", 300], ["\x01", 1]],
    # Nesting, and as many values as an answer may have.
    [["[", 100], ["]", 100]], [["{a: ", 40], ["b", 1], ["}", 40]], [["- ", 100], ["a", 1]], [["9", 4300]],
    [["9", 4301]], [["!!float 9", 1], ["9", 400]],
]


def encode(value, around=()):
    """The value as tests/yaml.rs encodes it: as the case protocol does, with the order of keys and every digit."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"!int": str(value)}
    if isinstance(value, float):
        return {"!float": repr(value)}
    if isinstance(value, bytes):
        return {"!binary": base64.b64encode(value).decode()}
    if isinstance(value, datetime.date):
        return {"!timestamp": value.isoformat(), "date": not isinstance(value, datetime.datetime)}
    if isinstance(value, tuple):
        return {"!tuple": [encode(item, around) for item in value]}
    if id(value) in around:
        return {"!recursive": True}
    around = (*around, id(value))
    if isinstance(value, list):
        return [encode(item, around) for item in value]
    if isinstance(value, set):
        return {"!set": sorted((encode(item, around) for item in value), key=json.dumps)}
    return {"!map": [[encode(key, around), encode(item, around)] for key, item in value.items()]}


def verdict(stream):
    try:
        return {"value": encode(fast_safe_load(stream))}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        kind = "ParserError" if isinstance(error, yaml.scanner.ScannerError) else type(error).__name__
        place = {"problem": error.problem, "line": mark.line, "column": mark.column}
        return {"error": kind, **place, "text": str(error)}
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error)}


def main():
    folder = Path(__file__).parent
    suite = (folder / "suite.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [*PLAIN.split(), *DOCUMENTS, *(json.loads(line)["yaml"] for line in suite)]
    with tempfile.TemporaryDirectory() as scratch, (folder / "recorded.jsonl").open("w", encoding="utf-8") as record:
        path = Path(scratch) / "config.yaml"
        for text in texts:
            whole = text if isinstance(text, str) else "".join(part * count for part, count in text)
            path.write_text(whole, encoding="utf-8", newline="")
            with path.open(encoding="utf-8") as file:
                of_file = verdict(file)
            of_text = verdict(whole)
            if "text" in of_file:
                of_file["text"] = of_file["text"].replace(str(path), "config.yaml")
            if "text" in of_text:
                of_text["text"] = of_text["text"].replace("<unicode string>", "config.yaml")
            line = {"yaml": text, **of_file}
            if of_text != of_file:
                line["as_str"] = of_text
            record.write(json.dumps(line, ensure_ascii=True) + "\n")
    print(f"{len(texts)} texts recorded")


if __name__ == "__main__":
    main()
