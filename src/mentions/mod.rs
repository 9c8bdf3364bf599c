//! Names, titles and values in the text.
