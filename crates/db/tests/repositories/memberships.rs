use jumpa_db::{
    Author, Authority, DbError, Invitee, LinkToken, NewInvitation, OutgoingMail, Timestamp,
};
use jumpa_protocol::{Language, Role, TenantId, UserId};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::at;

async fn owner(world: &TestDatabase, tenant_id: TenantId, email: &str) -> UserId {
    let token = LinkToken::generate();
    let new = NewInvitation { email: email.to_owned(), role: Role::Owner, language: Language::Id };
    let mail = OutgoingMail {
        kind: "invitation",
        tenant_id: Some(tenant_id),
        recipient: email.to_owned(),
        subject: "Undangan".to_owned(),
        body: "tautan".to_owned(),
    };
    let (by, now) = (Author::system(), at(1));
    world.database.tenant(tenant_id).invite(&new, &token, &mail, &by, now).await.unwrap();
    let invitee = Invitee::New { name: "Rina".to_owned(), password_hash: String::new() };
    let logins = world.database.logins();
    logins.accept_invitation(token.as_str(), &invitee, &by, at(2)).await.unwrap().0.id
}

#[on_both_engines]
async fn two_owners_who_remove_each_other_at_once_leave_one(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().create_tenant("Toko Melati", at(0)).await.unwrap();
    let first = owner(&world, tenant_id, "rina@melati.example").await;
    let second = owner(&world, tenant_id, "budi@melati.example").await;
    let scope = world.database.tenant(tenant_id);
    let by = Author::system();
    let (one, other) = tokio::join!(
        scope.remove_member(first, Authority::Owner, &by, at(3)),
        scope.remove_member(second, Authority::Owner, &by, at(3)),
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert!(matches!(one.and(other), Err(DbError::LastOwner)));
    assert_eq!(scope.members(None, 10).await.unwrap().len(), 1);
}

#[on_both_engines]
async fn an_invitation_is_accepted_within_its_week_only(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().create_tenant("Toko Melati", at(0)).await.unwrap();
    let token = LinkToken::generate();
    let new = NewInvitation {
        email: "Rina@melati.example".to_owned(),
        role: Role::Agent,
        language: Language::En,
    };
    let mail = OutgoingMail {
        kind: "invitation",
        tenant_id: Some(tenant_id),
        recipient: new.email.clone(),
        subject: String::new(),
        body: String::new(),
    };
    let scope = world.database.tenant(tenant_id);
    scope.invite(&new, &token, &mail, &Author::system(), at(0)).await.unwrap();
    let week = 7 * 24 * 60 * 60;
    let logins = world.database.logins();
    let open = logins.invitation(token.as_str(), at(week - 1)).await.unwrap();
    assert_eq!((open.tenant_name.as_str(), open.has_login), ("Toko Melati", false));
    assert_eq!(open.invitation.email, "rina@melati.example");
    let over = logins.invitation(token.as_str(), at(week)).await;
    assert!(matches!(over, Err(DbError::OneTimeToken)));
}

#[on_both_engines]
async fn a_deletion_can_be_taken_back_for_thirty_days(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let id = operator.create_tenant("Toko Melati", at(0)).await.unwrap();
    let by = Author::system();
    let day = 24 * 60 * 60;
    operator.delete_tenant(id, &by, at(0)).await.unwrap();
    let late: Timestamp = at(30 * day);
    assert!(matches!(operator.restore_tenant(id, &by, late).await, Err(DbError::TenantUnknown)));
    operator.restore_tenant(id, &by, at(30 * day - 1)).await.unwrap();
    assert_eq!(operator.tenant(id).await.unwrap().unwrap().tenant.deleted_at, None);
}
