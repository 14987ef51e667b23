//! Parts of findings that differ from case to case of one rule.

use crate::diagnostic::Template;

/// Declares the phrases and their list.
macro_rules! phrases {
    ($($name:ident = $id:literal: $english:literal;)*) => {
        $(pub(super) static $name: Template = Template { id: $id, english: $english };)*
        /// All phrases.
        pub(crate) static TEMPLATES: &[&Template] = &[$(&$name),*];
    };
}

phrases! {
    ALIAS_UNKNOWN = "phrase.alias-unknown": "Fallbacks and side tasks know fewer aliases than `model.provider`, and not `{name}`: a fallback is skipped, a side task fails.";
    ALIAS_KEPT = "phrase.alias-kept": "Hermes finds the endpoint of `{id}`, but the fallback stays `{name}`: the credential pool of `{id}`, and what Hermes does for `{id}` alone, are not used.";
    NO_PROVIDER = "phrase.no-provider": "it has no `provider`";
    NO_MODEL = "phrase.no-model": "it has no `model`";
    NOT_A_MAPPING = "phrase.not-a-mapping": "it is a `{type}`, not a mapping with `provider` and `model`";
    NOT_A_LIST = "phrase.not-a-list": "`{key}` is a `{type}`, not a list of entries";
    SAME_ROUTE = "phrase.same-route": "an earlier entry has the same provider, model and `base_url`";
}
