"""Samples of YAML for `yaml_texts`: scalars, tags, tricky documents, errors, and configs that people post."""

from __future__ import annotations

# Plain scalars whose type is not obvious.
SCALARS = (
    "", "~", "null", "Null", "NULL", "nUll", "none", "None", "yes", "Yes", "YES", "yEs", "no", "No", "NO", "on", "On", "ON",
    "off", "Off", "OFF", "true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "y", "Y", "n", "N", "t", "f", "=", "<<",
    "0", "-0", "+0", "00", "007", "0777", "0778", "08", "09", "0o7", "0o17", "-012", "+12", "0x1F", "0X1F", "-0x1f", "0x",
    "0xg", "0x_1", "0b101", "0b102", "-0b1", "0B1", "0b", "1_000", "1__0", "_1", "1_", "0_7", "0_8", "12345678901234567890",
    "9007199254740991", "9007199254740992", "-9007199254740993", "0xFFFFFFFFFFFFFFFF", "1:30", "22:00", "190:20:30",
    "1:60", "1:59", "-1:30", "+1:30", "0:30", "00:30", "01:30", "1:3", "1:030", "1:30:", "1:2:3:4", "1:30.5", "190:20:30.15",
    "-1:30.5", "0:0.5", "1:30.", "20:30:61.5", "1_0:30", "1.", "1.0", ".5", "-.5", "+.5", "1.5e3", "1.5E3", "1.5e+3", "1.5e-3",
    "1e3", "1.e3", "1.e+3", "1.0e3", "1e+3", "5e5", "1.5e", "1_0.5", "1_0.5_0", "1.5_", "._5", ".", "..", "...x", "1.2.3",
    "0.1", "00.5", "-0.0", "1e400", "1.0e+400", "-1.0e+400", "1.0e-400", "123456789.123456789", ".inf", ".Inf", ".INF",
    "-.inf", "+.inf", ".iNf", ".nan", ".NaN", ".NAN", "-.nan", ".Nan", "inf", "nan", "Infinity", "NaN", "2026-05-28",
    "2026-5-28", "2026-05-28T20:00:00Z", "2026-05-28 20:00:00", "2026-05-28t20:00:00.5+02:00", "2026-05-28 20:00:00 -5",
    "2026-05-28T20:00", "2026-13-01", "2026-02-30", "2026-05-28T25:00:00Z", "0000-01-01", "20260528", "2026-05-28T20:00:00.1234567Z",
    "2026-05-28 20:00:00.000001", "2026-05-28T20:00:00+5:30", "2026-05-28T20:00:00  Z", "1-1-1", "2001-01-01x", "12:00:00",
    "sk-fake-key", "AIza-fake-1", "a:b", "a: ", "a#b", "#", "-", "--", "---x", "-x", "- x", "?", "?x", ":", ":x", "::", "x:", "!x",
    "&x", "*x", "%x", "@x", "`x`", "|x", ">x", "[x", "x]", "{x", "x}", ",x", "x,", "'x", "x'", '"x', 'x"', "\\x", "x\\", "null ",
    "true x", "1 2", "é", "中文", "😀", "“x”", "a\u00a0b", "\u00a0", "a\tb", "0.0.0.0", "127.0.0.1:8080", "http://x.example.com",
    "1,000", "1 000", "$5", "50%", "~/x", "~x", "v1", "1a", "0xZ", "+", "-+1", "+-1", "1+1", "10e", "e10", "0e0", "0.e0", "0b_", "-_1",
    "+.", "-.", "+1.", "-1_0.", "1:", ":1", "1:a", "59:59", "60:59", "1:00000", "0o", "0_", "0__", "-0_1", "0x1_F", "0b1_1", "1_:30",
)

# Nodes with tags, right and wrong.
TAGGED = (
    "!!str 1", "!!str yes", "!!str", "!!str ''", "!!str [a]", "!!int 5", "!!int '7'", "!!int x", "!!int 1.5", "!!int ''", "!!int 0x1g",
    "!!float 1", "!!float x", "!!float '1e3'", "!!float .inf", "!!float 1:30", "!!bool yes", "!!bool x", "!!bool 'on'", "!!null x",
    "!!null ''", "!!binary aGVsbG8=", "!!binary aGVsbG8", "!!binary '==='", "!!binary é", "!!binary ''", "!!binary 'aGVs bG8='",
    "!!timestamp 2026-05-28", "!!timestamp x", "!!timestamp '2026-05-28 1:2:3'", "!!set {a, b}", "!!set {a: 1}", "!!set [a]",
    "!!set {1, 1.0, true}", "!!omap [a: 1, b: 2]", "!!omap [a]", "!!omap {a: 1}", "!!omap [{a: 1, b: 2}]", "!!pairs [a: 1, a: 2]",
    "!!pairs {a: 1}", "!!pairs [[a, b]]", "!!seq [a]", "!!seq {a: 1}", "!!seq x", "!!map {a: 1}", "!!map [a]", "!!map x", "!local x", "! x",
    "! 5", "! [a]", "!<tag:yaml.org,2002:int> 5", "!<tag:yaml.org,2002:str> 5", "!<x> 5", "!!python/name:os.system x", "!!python/tuple [a]",
    "!!python/object/apply:os.system [x]", "!!merge x", "!!value x", "!!unknown x", "!e!x 5", "!!int &n 5", "&n !!int 5", "!!str &m x",
    "!!yaml x", "!%21 x", "!!%73tr 5", "!!str|x", "!a!b!c x",
)

# Whole documents that are easy to read wrongly.
TRICKY = (
    "a: 1\na: 2\nb: &x {c: 1}\nb: *x\n",
    "base: &base\n  a: 1\n  b: 2\nmodel:\n  <<: *base\n  b: 3\n",
    "model:\n  b: 3\n  <<: {a: 1, b: 2}\n  <<: {c: 4}\n",
    "a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc:\n  <<: [*a, *b]\n  z: 1\n",
    "c:\n  <<: 5\n", "c:\n  <<: [1]\n", "c:\n  <<: []\n", "c:\n  <<: [{a: 1}, x]\n", "c:\n  '<<': {a: 1}\n", "c:\n  <<:\n",
    "c: {<<: {<<: {a: 1}, b: 2}, c: 3}\n", "- <<\n- {<<: {a: 1}}\n", "? <<\n: {a: 1}\n", "!!str <<: {a: 1}\n", "<<: {<<: 5}\n",
    "a: &a\n  <<: *a\n", "a: &a {<<: {b: *a}}\n", "a: &a [<<, *a]\n", "x: {<<: !!set {a, b}}\n", "x: {<<: !!omap [a: 1]}\n",
    "a: &a [1, *a]\n", "a: &a {b: *a}\n", "&a a: *a\n", "- &a x\n- *a\n- &a y\n- *a\n", "a: *a\n", "&a\n", "&a &b c\n", "*a\n", "!!set {&a a, *a}\n",
    "on: off\nyes: no\n", "true: 1\n1: 2\n1.0: 3\n", "~: 1\nnull: 2\n'': 3\n", "1: a\n'1': b\n0x1: c\n", "2026-05-28: x\n", "[a, b]: c\n",
    "{a: 1}: c\n", "? [a]\n: b\n", "? {a: 1}\n: b\n", "? a\n? b\n: c\n", "? |\n  block\n: - one\n", "? - a\n  - b\n: x\n", "!!set {[a]}\n",
    "!!binary aGk=: x\n", "!!python/tuple [a]: x\n", "!!pairs [a: b]: x\n", ".nan: a\n.nan: b\n", "? !!set {a}\n: x\n", "? !!omap [a: 1]\n: x\n",
    "a: |\n  one\n  two\n", "a: >\n  one\n  two\n\n  three\n    more\n  four\n", "a: |2\n    x\n   y\n", "a: |-\n  x\n\n\n", "a: |+\n  x\n\n\n",
    "a: >-\n  x\n  y\nb: 1\n", "a: |\n\n\n  x\n", "a: |\n   \n  x\n", "a: |\n\tx\n", "a: |1\n x\n", "a: |0\n x\n", "a: |10\n x\n", "a: |-+\n x\n",
    "a: | # comment\n  x\n", "a: |#x\n  x\n", "a: >\n\n  x\n\n\n  y\n", "- |\n x\n- >\n y\n", "a: |\nb: 1\n", "|\n x\n", "--- |\n x\n...\n", "--- >\nx\ny\n",
    "a: 'it''s'\nb: \"a\\\n  b\"\nc: \"x\n\n  y\"\n", "a: 'x\n\n  y'\n", "a: \"\\x41\\u00e9\\U0001F600\"\n", 'a: "\\q"\n', 'a: "\\xZZ"\n', 'a: "\\uD83D\\uDE00"\n',
    'a: "\\U00110000"\n', "a: 'x' y\n", 'a: "x" # c\n', "a: 'x'#c\n", "a: x #c\nb: x#c\n", "a: b: c\n", "a: - b\n", "a:\n- b\n- c\n", "a:\n - b\n  - c\n",
    "a\n b\n c\n", "a: b\n c\n d: e\n", "a: b\n  c\nd: e\n", "a:b\n", "a:\tb\n", "a :b\n", "a : b\n", "- a: 1\n  b: 2\n-\n  c: 3\n- - d\n  - e\n", "-a\n-b\n", "- a\n-b\n",
    "a: [b, c\n", "a: [b, c]]\n", "a: {b: c\n", "a: {b, c}\n", "a: {b: , c: }\n", "a: {b:c}\n", "a: {\"b\":c}\n", "a: [b: c, d]\n", "a: [? b: c]\n", "a: [, b]\n",
    "a: [b,, c]\n", "a: [a, [b, [c]]]\n", "a: [\n  b,\n  c\n]\n", "a: [\nb\n]\n", "a: {\n b: c}\n", "{a: b}\nc: d\n", "[a]: b\n", "a: [b #c\n  ]\n", "a: [b#c]\n",
    "--- a\n--- b\n", "---\na: 1\n---\nb: 2\n", "---\n---\n", "...\n", "---\n...\n---\n", "a: 1\n...\n", "a: 1\n...\nb: 2\n", "--- # c\na: 1\n", "---a\n", "--- a: 1\n", "a: 1\n--- \n",
    "%YAML 1.2\n---\na: 1\n", "%YAML 2.0\n---\na\n", "%YAML 1.1\na: 1\n", "%FOO x\n---\na\n", "%TAG ! tag:x,2000:\n---\n!y z\n", "%TAG !e! !x\n---\n!e!y z\n", "%YAML 1.1\n%YAML 1.1\n---\na\n",
    "%YAML 1\n---\na\n", "%YAML 1.1 x\n---\na\n", "%TAG !e x\n---\na\n", "%TAG !e! x\n%TAG !e! y\n---\na\n", "a: %b\n", "%\n", "a: 1\n%b\n",
    "", " ", "\n", "#\n", "# only a comment", "\ufeff", "\ufeffa: 1\n", "\ufeff\n---\na\n", "a: \ufeffb\n", "a: 1\n\ufeffb: 2\n", "\t", "\ta: 1\n", "a:\n\tb: 1\n", "a: \t1\n", "a: 1\t\n", "a:\t\n  b: 1\n",
    "a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r", "a: 1\u0085b: 2\n", "a: x\u2028  y\n", "a: 'x\u2029y'\n", "a: x\u00a0y\n", "\u00a0a: 1\n", "a:\u00a0b\n", "a:　b\n", "a: \x07\n", "a: \x00\n", "a: \x7f\n", "a: \ufffe\n",
    "a: \ud7ff\ue000\ufffd\n", "😀: 😀\n", "a: !!str\nb: !!int\n", "a: !!null\n", "a: &x\nb: *x\n", "- &x\n- *x\n", "a: !x &y\n", "!!map\na: 1\n", "!!seq\n- a\n", "&m\na: 1\n", "!!str a: 1\n", "!!int 5: x\n",
    "!!set\n? a\n? b\n", "!!omap\n- a: 1\n- b: 2\n", "!!pairs\n- a: 1\n- a: 2\n", "a: !!set\n  ? x\n", "a: !!set {}\n", "a: !!set\n", "a: !!omap []\n", "a: !!pairs\n",
    "key " + "k" * 1000 + ": v\n", "k" * 1023 + ": v\n", "k" * 1024 + ": v\n", "k" * 1025 + ": v\n", "[" + "k" * 1030 + ": v]\n", "'" + "k" * 1030 + "': v\n", "{" + "k" * 1030 + ": v}\n",
    "a:\n  b:\n    c: 1\n   d: 2\n", "a:\n  b: 1\n c: 2\n", "  a: 1\nb: 2\n", " a: 1\n b: 2\n", "a: 1\n b: 2\n", "a:\n  - b\n - c\n", "- a\n b\n", "- a\nb: 1\n", "a: 1\n- b\n",
    "a: @b\n", "a: `b\n", "@a: 1\n", "a: %\n", "a: !\n", "a: &\n", "a: *\n", "a: |x\n", "a: >x\n", "a: ?\n", "a: ? b\n", "a: -\n", "? \n", ": a\n", ":\n", "-\n", "- -\n", "?\n:\n", "a: ~\nb:\n",
    "a: 'x\nb: 1\n", 'a: "x\nb: 1\n', "a: \"x\n---\ny\"\n", "a: 'x\n...\ny'\n", "a: \"x\\\n\ny\"\n", "a: \"  x  \n  y  \"\n", "a: x\n\n\n  y\n", "a: x\n  # c\n  y\n", "a: #c\n  x\n", "a: x\n# c\n  y\n",
    "!<tag:yaml.org,2002:map> {a: 1}\n", "!<!x> a\n", "!<> a\n", "!<x a\n", "!!\n", "!!a b!c d\n", "!a%zz b\n", "!a%C3%A9 b\n", "!a%FF b\n", "!é b\n", "&é b\n", "&a.b c\n", "&a-b_c d: *a-b_c\n", "*a b\n", "*a: b\n",
    "a: &x 1\nb: *x\nc: *x\n", "a: &x [1]\nb: [*x, *x]\n", "a: *x\nb: &x 1\n", "? &x a\n: *x\n", "&x a: 1\n*x : 2\n", "&x a: 1\n*x: 2\n", "[&x a, *x ]\n", "[*x]\n", "{*x : a}\n", "{&x a: *x}\n",
)

# Texts that are refused, each for another reason.
ERRORS = (
    "a: b: c\n", "a: 1\n b: 2\n", "- a\nb: 1\n", "a: 1\n- b\n", "a: [1, 2\n", "a: {b: 1\n", "a: ]\n", "a: }\n", "[1 2: 3 4\n", "a: 'x\n", 'a: "x\n', 'a: "\\z"\n', 'a: "\\x4"\n',
    'a: "\\u12"\n', 'a: "\\UFFFFFFFF"\n', "a: *x\n", "a: &x 1\nb: &x 2\n", "a: @x\n", "a: `x`\n", "a: %x\n", "a:\n\t- b\n", "a:\n  b: 1\n\tc: 2\n", "\ta: 1\n", "a: 1\n\tb: 2\n", "a: |x\n  y\n", "a: |0\n  y\n",
    "a: |\n\t\ty\n", "a: |\n   \n  y\n    z\n", "a: >2x\n", "a: !<x\n", "a: !x!\n", "a: !x!y z\n", "a: !%zz y\n", "a: !%C3 y\n", "a: !%80 y\n", "a: &\n", "a: *\n", "a: &x! 1\n", "a: *x! 1\n", "%YAML\n---\n", "%YAML x\n---\n",
    "%YAML 1.1.1\n---\n", "%YAML 11111111111.1\n---\n", "%YAML 3.0\n---\na\n", "%TAG\n---\n", "%TAG x y\n---\n", "%TAG !x y\n---\n", "%TAG ! %\n---\n", "%X\n---\na\n", "%X", "%!\n", "%YAML 1.1\n%YAML 1.1\n---\n", "%TAG !x! y\n%TAG !x! z\n---\n",
    "a\n---\nb\n", "a: 1\n---\nb: 2\n", "a\n...\nb\n", "a: 1\n...\n%X\n", "a: !!foo 1\n", "a: !foo 1\n", "!!python/object:x.y {}\n", "[a]: 1\n", "{a: 1}: 1\n", "? [a]\n: 1\n", "!!set {[a]}\n", "a: !!set [b]\n", "a: !!omap {b: 1}\n", "a: !!omap [b]\n",
    "a: !!omap [{b: 1, c: 2}]\n", "a: !!pairs {b: 1}\n", "a: !!pairs [b]\n", "a: !!pairs [{b: 1, c: 2}]\n", "a: !!seq {b: 1}\n", "a: !!map [b]\n", "a: !!str [b]\n", "a: !!int [b]\n", "a: !!int x\n", "a: !!float x\n", "a: !!bool x\n",
    "a: !!timestamp x\n", "a: !!binary é\n", "a: !!binary x\n", "a: 2026-13-45\n", "a: 2026-05-28T25:61:61Z\n", "a: 0000-01-01\n", "<<: 1\n", "<<: [1]\n", "<<: x\n", "a: {<<: *x}\n", "a: \x01\n", "a: \x07b\n", "a\x7fb: 1\n",
    "a: \ufffe\n", "a: \x85\x9f\n", "a: b\n  - c\n", "a:\n- b\n c\n", "- a\n - b\n", "a: b\nc\n", "a: b\nc\nd: e\n", "a\nb: 1\n", "a\n b: 1\n", "'a\n b': 1\n", "\"a\n b\": 1\n", "? a\n b: 1\n", "k" * 1030 + ": v\n", "- - a\n - b\n", "a: - b\n",
    "a: [b, c]: d\n", "a: {b}: c\n", "- : a\n  - b\n", "a: 'b' c\n", "a: \"b\" c: d\n", "a: [b] c\n", "a: {b} c\n", "a: &x &y b\n", "a: !x !y b\n", "a: *x b\n", "a: &x *y\n", "a: !x *y\n", "[a, b\nc: d]\n", "{a: b\nc: d}\n", "[a\n---\nb]\n",
    "{a\n...\n}\n", "[\n- a\n]\n", "{\n? a\n- b\n}\n", "[a,\n---\n", "a: [#\n", "--- - a\n--- b: c\n", "... a\n", "---\n%X\n", "- ? a\n  b\n", "?a: 1\n?\tb\n", "? a: b: c\n", "!", "&a", "*a", "!!", "[", "{", "]", "}", ",", "'", '"', "|", ">-", "@", "`", "%",
    "a: !!int ''\n", "a: !!int '+'\n", "a: !!int 0x\n", "a: !!int 0b2\n", "a: !!int 09\n", "a: !!int 1:x\n", "a: !!float ''\n", "a: !!float 1:x\n", "a: !!float '.'\n", "a: 0b_\n", "a: 0x_\n", "a: 09\n", "a: 1_:30\n", "a: !!bool ''\n", "a: 2026-02-29\n",
    "a: 2026-05-28T20:00:00+24:00\n", "a: 2026-05-28T20:00:00+99\n", "!!binary é: 1\n", "a: !!null [b]\n", "a: !!binary [b]\n", "a: !!timestamp [b]\n", "a: !!yaml x\n", "!!value x: 1\n", "a: !!merge b\n",
)

# The structure of what people posted, keys replaced.
DAMAGED = (
    "model:\ndefault: gemini-flash-lite-latest # model\nprovider: google\nbase_url: https://generativelanguage.googleapis.com/v1beta\n"
    "credential_pool:\ngemini:\n- provider: google\napi_key: GEMINI_API_KEY_1\n- provider: google\napi_key: GEMINI_API_KEY_2\n"
    "credential_pool_strategies:\ngemini: fill_first\nproviders: {}\nfallback_providers:\n- provider: openrouter\nmodel: a/b:free\n",
    "model:\n  default: gemini-flash\n  provider: google\n  credential_pool:\n    gemini:\n      • provider: google\n        api_key: GEMINI_API_KEY_1\n",
    "model：\n  default：gemini-flash\n  provider：google\n",
    "model:\n\tdefault: gemini-flash\n\tprovider: google\n",
    "model:\n  default: “gemini-flash”\n  provider: ‘google’\n",
    "model:\n\u00a0\u00a0default: gemini-flash\n\u00a0\u00a0provider: google\n",
    "model:\n  default: a\n  provider: gemini\nmodel:\n  default: b\n",
    "model:\n  -provider: gemini\n  -default: x\n",
    "provider: gemini\nmodel: gemini-flash\napi_key: sk-fake-root\n",
    "GOOGLE_API_KEY=AIza-fake-1\nGEMINI_API_KEY=AIza-fake-2\n",
    "{\"model\": {\"provider\": \"gemini\", \"default\": \"x\"}}\n",
    "model:\n  provider: gemini\n  default: x\n  fallback_providers:\n    - provider: openrouter\n      model: a/b\n",
)

# Configs as they should be.
REALISTIC = (
    "model:\n  default: gemini-3.1-flash-lite-preview\n  provider: gemini\n  base_url: https://generativelanguage.googleapis.com/v1beta\n"
    "credential_pool_strategies:\n  gemini: fill_first\nproviders: {}\nfallback_providers:\n  - provider: openrouter\n"
    "    model: z-ai/glm-4.5-air:free\n  - provider: openrouter\n    model: openai/gpt-oss-120b:free\n",
    "# Hermes\nmodel:\n  default: mimo-v2\n  provider: xiaomi\n  api_key: sk-fake-config\n\nagent:\n  max_turns: 60\n  reasoning_effort: \"medium\"\n"
    "terminal:\n  backend: local\n  cwd: .\n  timeout: 180\ndisplay:\n  compact: false\n  tool_progress: all\n",
    "model:\n  provider: custom\n  base_url: \"http://localhost:8080/v1\"\n  api_key: sk-fake-local\n  default: qwen3-coder\n  context_length: 131072\n"
    "custom_providers:\n  - name: local\n    base_url: http://localhost:8080/v1\n    api_key: sk-fake-local\n  - name: relay\n"
    "    base_url: https://llm.example.com/v1\n    key_env: RELAY_API_KEY\n    api_mode: anthropic_messages\n",
    "model: {provider: deepseek, default: deepseek-chat}\ncredential_pool_strategies: {deepseek: round_robin, gemini: least_used}\n"
    "fallback_model: {provider: openrouter, model: \"anthropic/claude-sonnet-4\"}\n",
    "providers:\n  relay:\n    api: https://llm.example.com/v1\n    key_env: RELAY_API_KEY\n    default_model: glm-5.1\n    transport: chat_completions\n"
    "  off-one:\n    base_url: https://off.example.com\n    enabled: no\nmodel:\n  provider: relay\n  default: glm-5.1\n",
    "model:\n  default: &m deepseek-chat\n  provider: deepseek\nauxiliary:\n  vision: &aux\n    provider: openrouter\n    model: *m\n    timeout: 1:30\n"
    "  compression:\n    <<: *aux\n    timeout: 0120\nsystem_prompt: |\n  You are helpful.\n    Indented.\n\n  Done.\ncron:\n  wrap: off\n",
    "fallback_providers:\n- {provider: gemini, model: gemini-3}\n- provider: custom\n  base_url: https://llm.example.com/v1/\n  model: x\n  api_key: ${MY_FAKE_KEY}\n"
    "model:\n    default: a/b\n    provider: openrouter\ntoolsets:\n- all\n_config_version: 33\n",
)
