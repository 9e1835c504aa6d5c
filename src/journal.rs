//! The journal: the append-only record of every act.
