//! The only SQL: tenant scope, repositories, migrations.
