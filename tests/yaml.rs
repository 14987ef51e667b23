//! What the real program made of some 900 tricky YAML texts and of the YAML test suite, and what we make of them.
//! `tests/yaml/record.py` has the texts and records the answers.

#[cfg(test)]
mod tests {
    use poolcheck::base::sources::SourceKind;
    use poolcheck::python::{Int, Node, Value, repr};
    use poolcheck::yaml::{self, Loaded, YamlError};
    use serde_json::{Value as Json, json};

    /// Classes whose text is not compared.
    const BY_CLASS: [&str; 4] = ["TypeError", "AttributeError", "KeyError", "ValueError"];

    /// Base64 of some bytes.
    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let part = |at: usize| chunk.get(at).copied().map_or(0, usize::from);
            let number = part(0) << 16 | part(1) << 8 | part(2);
            for digit in 0..4 {
                let shown = digit <= chunk.len();
                text.push(if shown { char::from(DIGITS[number >> (18 - 6 * digit) & 63]) } else { '=' });
            }
        }
        text
    }

    /// A value as `record.py` writes it: the order of keys counts.
    fn encode(value: &Value) -> Json {
        let all = |items: &[Node]| items.iter().map(|item| encode(&item.value)).collect::<Vec<_>>();
        match value {
            Value::None => Json::Null,
            Value::Bool(value) => json!(value),
            Value::Int(Int::Small(value)) if value.unsigned_abs() < 1 << 53 => json!(value),
            Value::Int(value) => json!({"!int": value.to_string()}),
            Value::Float(_) => json!({"!float": repr(value)}),
            Value::Str(text) => json!(&**text),
            Value::Bytes(bytes) => json!({"!binary": base64(bytes)}),
            Value::Timestamp(stamp) => json!({"!timestamp": &*stamp.iso, "date": stamp.is_date}),
            Value::List(items) => json!(all(items)),
            Value::Tuple(items) => json!({"!tuple": all(items)}),
            Value::Set(items) => {
                let mut items = all(items);
                items.sort_by_key(Json::to_string);
                json!({"!set": items})
            }
            Value::Dict(dict) => {
                let pair = |entry: &poolcheck::python::Entry| {
                    json!([encode(&entry.key.value), encode(&entry.value.value)])
                };
                json!({"!map": dict.iter().map(pair).collect::<Vec<_>>()})
            }
            Value::Recursive => json!({"!recursive": true}),
        }
    }

    fn verdict(loaded: &Loaded) -> Json {
        let error = match &loaded.root {
            Ok(root) => return json!({"value": encode(&root.value)}),
            Err(error) => error,
        };
        let (kind, text) = (error.kind().unwrap_or("Limit"), error.text("config.yaml"));
        match error {
            YamlError::Syntax(error) => json!({
                "error": kind, "problem": error.problem, "line": error.mark.line, "column": error.mark.column, "text": text,
            }),
            _ => json!({"error": kind, "text": text}),
        }
    }

    /// The text of a record, which may be written as parts and how often they stand there.
    fn text_of(written: &Json) -> String {
        match written {
            Json::String(text) => text.clone(),
            parts => (parts.as_array().unwrap().iter())
                .map(|part| {
                    part[0].as_str().unwrap().repeat(usize::try_from(part[1].as_u64().unwrap()).unwrap())
                })
                .collect(),
        }
    }

    fn assert_same(text: &str, mut expected: Json, loaded: &Loaded) {
        let mut found = verdict(loaded);
        if BY_CLASS.iter().any(|class| expected["error"] == *class) {
            for verdict in [&mut expected, &mut found] {
                verdict.as_object_mut().unwrap().remove("text");
            }
        }
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn texts_are_read_as_the_real_program_reads_them() {
        let records = include_str!("yaml/recorded.jsonl");
        let mut count = 0;
        for record in records.lines() {
            let mut record: Json = serde_json::from_str(record).unwrap();
            let fields = record.as_object_mut().unwrap();
            let text = text_of(&fields.remove("yaml").unwrap());
            let of_str = fields.remove("as_str");
            assert_same(
                &text,
                of_str.unwrap_or_else(|| record.clone()),
                &yaml::load_str(&text, SourceKind::Config),
            );
            assert_same(&text, record, &yaml::load(&text, SourceKind::Config));
            count += 1;
        }
        assert!(count > 900, "only {count} records");
    }
}
