use comfy_table::{ContentArrangement, Table, presets};

/// Width of tables where the output is no terminal.
const WIDTH: u16 = 120;

/// Rows as a table that fits the terminal (or 120 columns): long cells are wrapped.
pub fn table<R, C>(columns: &[&str], rows: R) -> String
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH);
    }
    table.set_header(columns);
    for row in rows {
        table.add_row(row.into_iter().map(|cell| clean(&cell)));
    }
    table.to_string()
}

/// A cell without what would move the cursor of a terminal.
fn clean(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
