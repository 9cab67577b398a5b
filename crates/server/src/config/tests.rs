use super::*;

fn load(file: &str, environment: &[(&str, &str)], flags: &Flags) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE_NAME), file).unwrap();
    let environment = environment.iter().map(|(key, value)| ((*key).into(), (*value).into()));
    Config::load(None, folder.path(), environment, flags)
}

fn cause(error: &ConfigError) -> String {
    let source = std::error::Error::source(error);
    format!("{error}: {}", source.map(ToString::to_string).unwrap_or_default())
}

#[test]
fn the_example_holds_the_defaults() {
    assert_eq!(toml::from_str::<Config>(EXAMPLE).unwrap(), Config::default());
}

#[test]
fn the_example_names_every_key() {
    let uncommented = EXAMPLE
        .replace("# public_url = ", "public_url = ")
        .replace("# database_password_file = ", "database_password_file = ")
        .replace("# smtp_host = ", "smtp_host = ")
        .replace("# username = ", "username = ")
        .replace("# password_file = ", "password_file = ");
    let example: Config = toml::from_str(&uncommented).unwrap();
    assert_eq!(example.http.public_url.as_deref(), Some("https://call.example"));
    assert!(example.database_password_file.is_some());
    assert_eq!(example.mail.smtp_host.as_deref(), Some("mail.example"));
    assert!(example.mail.username.is_some() && example.mail.password_file.is_some());
    let defaults = Table::try_from(Config::default()).unwrap();
    let table: Table = EXAMPLE.parse().unwrap();
    for (section, keys) in &defaults {
        assert!(table.contains_key(section), "{section}");
        for key in keys.as_table().unwrap_or(&Table::new()).keys() {
            assert!(table[section].get(key).is_some(), "{section}.{key}");
        }
    }
}

#[test]
fn without_a_file_the_defaults_hold() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::load(None, folder.path(), std::iter::empty(), &Flags::default()).unwrap();
    assert_eq!(config, Config::default());
}

#[test]
fn flags_win_over_environment_over_file() {
    let file = "[media]\nport = 1\nworkers = 1\n[log]\nfilter = \"debug\"";
    let environment = [("JUMPA__MEDIA__PORT", "2"), ("JUMPA__MEDIA__WORKERS", "2")];
    let flags = Flags { media_port: Some(3), ..Flags::default() };
    let config = load(file, &environment, &flags).unwrap();
    assert_eq!(config.media.port, 3);
    assert_eq!(config.media.workers, 2);
    assert_eq!(config.log.filter, "debug");
}

#[test]
fn the_environment_sets_every_kind_of_value() {
    let environment = [
        ("JUMPA__HTTP__PUBLIC_URL", "https://call.sehat.example"),
        ("JUMPA__HTTP__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.2"),
        ("JUMPA__DATABASE_URL", "postgres://jumpa@localhost/jumpa"),
        ("JUMPA__DATABASE_PASSWORD_FILE", "/run/secrets/database"),
        ("JUMPA__ADMIN__LISTEN", "off"),
        ("JUMPA__SHUTDOWN__GRACE_MS", "500"),
        ("HOME", "/nowhere"),
    ];
    let config = load("", &environment, &Flags::default()).unwrap();
    assert_eq!(config.http.public_url.as_deref(), Some("https://call.sehat.example"));
    assert_eq!(config.http.trusted_proxies.len(), 2);
    assert_eq!(config.database_url, "postgres://jumpa@localhost/jumpa");
    assert_eq!(config.database_password_file, Some("/run/secrets/database".into()));
    assert_eq!(config.admin.listen, AdminListen::Off);
    assert_eq!(config.shutdown.grace_ms, 500);
}

#[test]
fn a_key_that_does_not_exist_is_refused() {
    let error = load("[http]\nlisten_on = \"x\"", &[], &Flags::default()).unwrap_err();
    assert!(cause(&error).contains("listen_on"), "{}", cause(&error));
    let error = load("", &[("JUMPA__MEDIA__PORTS", "1")], &Flags::default()).unwrap_err();
    assert!(cause(&error).contains("JUMPA__MEDIA__PORTS"), "{}", cause(&error));
}

#[test]
fn a_value_of_the_wrong_kind_is_refused() {
    for file in ["[media]\nport = 70000", "[media]\nport = \"x\"", "[http]\nlisten = \"8080\""] {
        assert!(load(file, &[], &Flags::default()).is_err(), "{file}");
    }
    let environment = [("JUMPA__MEDIA__PORT", "many")];
    assert!(load("", &environment, &Flags::default()).is_err());
}

#[test]
fn a_public_url_with_a_path_is_refused() {
    for url in ["call.example", "https://", "https://call.example/jumpa"] {
        let file = format!("[http]\npublic_url = \"{url}\"");
        assert!(load(&file, &[], &Flags::default()).is_err(), "{url}");
    }
}

#[test]
fn a_file_that_is_named_must_exist() {
    let missing = Path::new("/nonexistent/jumpa.toml");
    let loaded = Config::load(
        Some(missing),
        Path::new("/nonexistent"),
        std::iter::empty(),
        &Flags::default(),
    );
    assert!(matches!(loaded, Err(ConfigError::Read { .. })));
}

#[test]
fn mails_go_to_the_named_server_with_the_password_of_a_file() {
    assert!(Config::default().mail.smtp().unwrap().is_none());
    let folder = tempfile::tempdir().unwrap();
    let password_file = folder.path().join("mail_password");
    fs::write(&password_file, "rahasia\n").unwrap();
    let mail = MailConfig {
        smtp_host: Some("mail.example".to_owned()),
        username: Some("call@sehat.example".to_owned()),
        password_file: Some(password_file.clone()),
        ..MailConfig::default()
    };
    let smtp = mail.smtp().unwrap().unwrap();
    assert_eq!((smtp.host.as_str(), smtp.port), ("mail.example", 587));
    assert_eq!(smtp.credentials, Some(("call@sehat.example".to_owned(), "rahasia".to_owned())));
    fs::remove_file(&password_file).unwrap();
    assert!(mail.smtp().unwrap_err().to_string().contains("mail_password"));
}
