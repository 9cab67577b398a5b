//! The attribute that runs a test on both engines.

use proc_macro::{TokenStream, TokenTree};

/// Makes two tests of `async fn name(engine: Engine)`: `name::sqlite` and `name::postgres`.
#[proc_macro_attribute]
pub fn on_both_engines(_arguments: TokenStream, function: TokenStream) -> TokenStream {
    let text = match name_of(function.clone()) {
        Some(name) => format!(
            "mod {name} {{
                #[::tokio::test]
                async fn sqlite() {{
                    super::{name}(::jumpa_test_database::Engine::Sqlite).await;
                }}

                #[::tokio::test]
                async fn postgres() {{
                    super::{name}(::jumpa_test_database::Engine::Postgres).await;
                }}
            }}"
        ),
        None => "compile_error!(\"on_both_engines stands before an `async fn`\");".to_owned(),
    };
    let tests: TokenStream = text.parse().expect("the text above is Rust");
    function.into_iter().chain(tests).collect()
}

fn name_of(function: TokenStream) -> Option<String> {
    let mut tokens = function.into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word.to_string() == "fn"))?;
    tokens.next().map(|name| name.to_string())
}
