//! The pages in headless Chromium: every view in both languages at two widths, with screenshots in
//! `target/tmp/screenshots`; no errors on the console, no requests outside, and nothing serious that
//! axe-core finds.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use pressgraph::serve::{Options, router};
use serde_json::Value as Json;

use super::app;
use super::webdriver::Browser;

/// The views: name, path, a script to run there, and one that says when it is done.
const VIEWS: [(&str, &str, &str, &str); 14] = [
    ("home", "/", "", ""),
    (
        "suggestions",
        "/",
        "const q = document.getElementById('q'); q.focus(); q.value = 'valo'; q.dispatchEvent(new Event('input', { bubbles: true }));",
        "return document.querySelectorAll('#suggestions li').length > 0",
    ),
    ("search", "/search?q=valoria", "", ""),
    ("organization", "/organization/valoria", "document.querySelector('details').open = true;", ""),
    ("person", "/person/marie-durand", "", ""),
    (
        "release",
        "/release/presse/accord.txt",
        "document.getElementById('role-1').focus();",
        "return document.querySelectorAll('#text .lit').length > 0 && document.getElementById('role-1').classList.contains('lit')",
    ),
    (
        "evidence",
        "/release/presse/accord.txt.html#char=67,179",
        "",
        "return document.querySelectorAll('#text .lit').length > 0",
    ),
    (
        "graph",
        "/graph?iri=https%3A%2F%2Fpressgraph.example%2Forganization%2Fvaloria",
        "",
        "const v = window.pressgraphView; return !!v && v.nodes.size > 4 && v.edges.size > 3 && !v.running",
    ),
    ("queries", "/queries", "", ""),
    ("query", "/queries/QUERY", "", ""),
    (
        "editor-table",
        "/editor?run=1",
        "",
        "return !!document.querySelector('#output table tbody tr') && !!document.querySelector('.CodeMirror')",
    ),
    (
        "editor-chart",
        "/editor?run=1&query=SELECT%20%3Ft%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20a%20%3Ft%20%7D%20GROUP%20BY%20%3Ft%20ORDER%20BY%20DESC(%3Fn)",
        "document.querySelector('[data-view=chart]').click();",
        "return document.querySelectorAll('#output svg.chart rect').length > 3",
    ),
    (
        "editor-graph",
        "/editor?run=1&query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20pg%3Aidentity%20%3Fo%20%7D",
        "document.querySelector('[data-view=graph]').click();",
        "return document.querySelectorAll('#graph [data-iri]').length > 3",
    ),
    (
        "preview",
        "/preview",
        "document.getElementById('text-in').value = 'Bricolia grandit\\n\\n« Nous irons plus loin avec cette nouvelle usine », déclare Paul Brun, directeur de Bricolia.'; document.getElementById('preview-form').requestSubmit();",
        "return !!document.querySelector('#text [data-start]')",
    ),
];

/// Serves the fixture on a port of its own.
fn serve() -> SocketAddr {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            send.send(listener.local_addr().expect("its address")).expect("the test waits");
            axum::serve(listener, router(app(Options::default()))).await.expect("served");
        });
    });
    receive.recv().expect("the server starts")
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    folder
}

fn axe() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/web/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file)
        .expect("axe-core: run `npm ci --ignore-scripts` in scripts/web, as scripts/setup does")
}

#[test]
fn every_view_works_in_a_browser() {
    let (address, folder, axe) = (serve(), folder(), axe());
    let browser = Browser::start();
    let query = pressgraph::store::NamedQuery::all().keys().next().cloned().unwrap_or_default();
    let mut problems = Vec::new();
    for (language, width) in [("fr", 1280), ("en", 1280), ("fr", 360), ("en", 360)] {
        browser.resize(width, 900);
        for (name, path, script, done) in VIEWS {
            if path.contains("QUERY") && query.is_empty() {
                continue;
            }
            let path = path.replace("QUERY", &query);
            let (path, hash) =
                path.split_once('#').map_or((path.as_str(), String::new()), |(p, h)| (p, format!("#{h}")));
            let mark = if path.contains('?') { '&' } else { '?' };
            let view = format!("{name}-{language}-{width}");
            browser.open(&format!("http://{address}{path}{mark}lang={language}{hash}"));
            if !script.is_empty() {
                if name.starts_with("editor") {
                    browser.wait(&view, "return document.getElementById('sparql').dataset.ready === 'yes' && /\\d/.test(document.getElementById('state').textContent)");
                }
                browser.run(script);
            }
            if !done.is_empty() {
                browser.wait(&view, done);
            }
            browser.screenshot(&folder.join(format!("{view}.png")));
            let wide = browser.run("return document.documentElement.scrollWidth - window.innerWidth");
            if wide.as_i64().is_some_and(|wide| wide > 1) {
                problems.push(format!("{view}: {wide} pixels too wide"));
            }
            if browser.run("return document.documentElement.lang") != language {
                problems.push(format!("{view}: not in {language}"));
            }
            browser.run(&axe);
            let found = browser.run(
                "return axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | ')))",
            );
            for violation in found.as_array().into_iter().flatten() {
                problems.push(format!("{view}: axe: {violation}"));
            }
            let (console, requests) = browser.log();
            problems.extend(console.iter().map(|message| format!("{view}: console: {message}")));
            // The browser's own first page has addresses that begin with `chrome:` or `chrome-untrusted:`.
            let outside = |url: &&String| {
                !["data:", "blob:", "chrome:", "chrome-untrusted:"].iter().any(|scheme| url.starts_with(scheme))
                    && !url.starts_with(&format!("http://{address}/"))
            };
            problems.extend(requests.iter().filter(outside).map(|url| format!("{view}: outside request: {url}")));
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn the_keyboard_is_enough_and_five_hundred_nodes_are_smooth() {
    let address = serve();
    let browser = Browser::start();
    browser.resize(1280, 900);
    // Search by typing, choose by arrow and Enter.
    browser.open(&format!("http://{address}/?lang=fr"));
    browser.run("document.getElementById('q').focus();");
    browser.keys("marie dur");
    browser.wait("suggestions", "return document.querySelectorAll('#suggestions li').length > 0");
    browser.keys("\u{e015}\u{e007}");
    browser.wait("the page of the person", "return location.pathname === '/person/marie-durand.html'");
    // The graph: Enter expands, p pins, arrows move, the filter hides.
    browser
        .open(&format!("http://{address}/graph?iri=https%3A%2F%2Fpressgraph.example%2Fperson%2Fmarie-durand&lang=fr"));
    browser.wait("the graph", "return !!window.pressgraphView && window.pressgraphView.nodes.size > 1");
    let before = browser.run("return window.pressgraphView.nodes.size").as_u64().expect("a number");
    browser.run("document.querySelector('[data-iri$=\"organization/valoria\"]').focus();");
    browser.keys("\u{e007}");
    browser.wait("expansion", &format!("return window.pressgraphView.nodes.size > {before}"));
    browser.run("document.querySelector('[data-iri$=\"organization/valoria\"]').focus();");
    browser.keys("p");
    assert_eq!(browser.run("return [...window.pressgraphView.nodes.values()].filter(n => n.pinned).length"), 1);
    browser.keys("\u{e014}");
    assert_ne!(browser.run("return document.activeElement.dataset.iri || ''"), Json::from(""));
    let edges = "return document.querySelectorAll('#graph line').length";
    let all = browser.run(edges).as_u64().expect("a number");
    browser.run("document.querySelector('[data-relation=role]').click();");
    assert!(browser.run(edges).as_u64().expect("a number") < all);
    let svg = browser.run("return window.pressgraphView.svgText()");
    assert!(svg.as_str().expect("text").contains("<circle"));
    // A frame of 500 nodes and 900 edges: layout and drawing, from the middle of the movement.
    let frame = browser.run(
        "const v = window.pressgraphView; const nodes = [], edges = [];
        for (let i = 0; i < 500; i++) nodes.push({ iri: 'urn:' + i, label: 'Nœud ' + i, kind: 'person', kindLabel: 'Personne' });
        for (let i = 1; i < 900; i++) edges.push({ from: 'urn:' + (i % 500), to: 'urn:' + (Math.floor(i / 3) % 500), relation: 'r', label: 'r', status: 'current', date: null });
        v.nodes.clear(); v.edges.clear(); v.running = true; v.add(nodes, edges);
        const times = []; for (let i = 0; i < 60; i++) { const t = performance.now(); v.frame(); document.body.offsetHeight; times.push(performance.now() - t); }
        times.sort((a, b) => a - b);
        return [times[30], v.layout.nodes.length, v.layout.nodes.every(n => Number.isFinite(n.x) && Number.isFinite(n.y))]",
    );
    // The time depends on the machine's load: it is told, and looked at, but no test.
    println!("median frame with 500 nodes: {} ms", frame[0]);
    assert_eq!((frame[1].as_u64(), frame[2].as_bool()), (Some(500), Some(true)));
    let (console, _) = browser.log();
    assert!(console.is_empty(), "{console:?}");
}
