//! Graph's enumerations: known words as variants, unknown ones kept as they came.
//!
//! Graph's documentation prints the same member in several casings, and Graph adds members over time
//! (`unknownFutureValue`), so a word is compared without regard to case and an unknown one is not an error.

/// Declares an enumeration of Graph: the variants with the words Graph uses for them, plus `Other`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A word this version does not know, kept as it came.
            Other($crate::domain::text::Text),
        }

        impl $name {
            /// Those that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The word Graph uses.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(raw: &str) -> Self {
                // Some pages print the words of one member apart (user-properties).
                let apart = raw.contains(' ').then(|| raw.replace(' ', ""));
                let word = apart.as_deref().unwrap_or(raw);
                $(if word.eq_ignore_ascii_case($word) { return Self::$variant; })*
                Self::Other($crate::domain::text::Text::new(raw))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        /// Any string; null reads as an empty word, and what is odd as the words it has.
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(&*$crate::domain::said::words(deserializer)?))
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other($crate::domain::text::Text::default())
            }
        }
    };
}

pub(crate) use words;
