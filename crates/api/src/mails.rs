//! The texts of mails, in English and Indonesian.

use jumpa_db::{LinkToken, OutgoingMail, PausedWebhook};
use jumpa_protocol::{Language, Role, TenantId};

/// Where an invitation is accepted, after the base of links.
const INVITATION_PAGE: &str = "/dashboard/invitation";
/// Where a new password is chosen.
const RESET_PAGE: &str = "/dashboard/reset_password";

/// Where the pages of tenants are; the id of one follows.
const TENANT_PAGES: &str = "/dashboard/t";

/// The link that accepts an invitation.
pub(crate) fn invitation_link(base: &str, token: &LinkToken) -> String {
    format!("{base}{INVITATION_PAGE}?token={}", token.as_str())
}

/// The mail that invites somebody.
pub(crate) fn invitation(
    platform: &str,
    tenant_id: TenantId,
    tenant: &str,
    recipient: &str,
    role: Role,
    language: Language,
    link: &str,
) -> OutgoingMail {
    let (subject, body) = match language {
        Language::En => (
            format!("You are invited to {tenant}"),
            format!(
                "Hello,\n\n{tenant} invites you to its {platform} dashboard as {role}.\n\n\
                 Accept the invitation here:\n{link}\n\n\
                 The link works once and for 7 days. If you do not know what this is about, you \
                 need not do anything.\n",
                role = role.as_str(),
            ),
        ),
        Language::Id => (
            format!("Anda diundang ke {tenant}"),
            format!(
                "Halo,\n\n{tenant} mengundang Anda ke dasbor {platform} sebagai {role}.\n\n\
                 Terima undangan di sini:\n{link}\n\n\
                 Tautan ini berlaku satu kali dan selama 7 hari. Jika Anda tidak mengenal undangan \
                 ini, Anda tidak perlu melakukan apa pun.\n",
                role = indonesian(role),
            ),
        ),
    };
    OutgoingMail {
        kind: "invitation",
        tenant_id: Some(tenant_id),
        recipient: recipient.to_owned(),
        subject,
        body,
    }
}

/// The mail that lets somebody choose a new password.
pub(crate) fn password_reset(
    platform: &str,
    recipient: &str,
    name: &str,
    language: Language,
    base: &str,
    token: &LinkToken,
) -> OutgoingMail {
    let link = format!("{base}{RESET_PAGE}?token={}", token.as_str());
    let (subject, body) = match language {
        Language::En => (
            "Choose a new password",
            format!(
                "Hello {name},\n\nsomebody, probably you, wants to choose a new password for your \
                 {platform} login:\n{link}\n\nThe link works once and for 1 hour. If it was not you, \
                 you need not do anything: your password stays as it is.\n"
            ),
        ),
        Language::Id => (
            "Pilih kata sandi baru",
            format!(
                "Halo {name},\n\nseseorang, mungkin Anda, ingin memilih kata sandi baru untuk \
                 login {platform} Anda:\n{link}\n\nTautan ini berlaku satu kali dan selama 1 jam. Jika \
                 bukan Anda, Anda tidak perlu melakukan apa pun: kata sandi Anda tidak berubah.\n"
            ),
        ),
    };
    OutgoingMail {
        kind: "password_reset",
        tenant_id: None,
        recipient: recipient.to_owned(),
        subject: subject.to_owned(),
        body,
    }
}

/// The mail that tells an owner that a webhook is not called any more.
pub(crate) fn webhook_paused(
    platform: &str,
    paused: &PausedWebhook,
    reason: &str,
    base: &str,
) -> OutgoingMail {
    let url = &paused.url;
    let page = format!("{base}{TENANT_PAGES}/{}/webhooks", paused.tenant_id);
    let is_gone = reason == "gone";
    let (subject, body) = match paused.language {
        Language::En => {
            let why = if is_gone {
                "it answers that it is gone (410)"
            } else {
                "it has taken nothing for three days"
            };
            (
                "A webhook is paused",
                format!(
                    "Hello,\n\n{platform} calls {url} no more: {why}.\n\n\
                     Events of this time are not written for it. When it works again, resume it \
                     here:\n{page}\n"
                ),
            )
        }
        Language::Id => {
            let why = if is_gone {
                "alamat itu menjawab bahwa ia sudah tidak ada (410)"
            } else {
                "alamat itu tidak menerima apa pun selama tiga hari"
            };
            (
                "Webhook dijeda",
                format!(
                    "Halo,\n\n{platform} tidak lagi memanggil {url}: {why}.\n\n\
                     Peristiwa selama jeda tidak dicatat untuknya. Setelah berfungsi kembali, \
                     lanjutkan di sini:\n{page}\n"
                ),
            )
        }
    };
    OutgoingMail {
        kind: "webhook_paused",
        tenant_id: Some(paused.tenant_id),
        recipient: paused.email.clone(),
        subject: subject.to_owned(),
        body,
    }
}

/// The mail by which an operator tries the mail server.
pub(crate) fn test(platform: &str, recipient: &str, language: Language) -> OutgoingMail {
    let (subject, body) = match language {
        Language::En => (
            format!("A test mail of {platform}"),
            format!(
                "Hello,\n\nthis mail was sent from the settings of {platform}. It arrived, so mails \
                 work.\n"
            ),
        ),
        Language::Id => (
            format!("Email percobaan dari {platform}"),
            format!(
                "Halo,\n\nemail ini dikirim dari pengaturan {platform}. Email ini sampai, jadi \
                 pengiriman email berfungsi.\n"
            ),
        ),
    };
    OutgoingMail { kind: "test", tenant_id: None, recipient: recipient.to_owned(), subject, body }
}

const fn indonesian(role: Role) -> &'static str {
    match role {
        Role::Owner => "pemilik",
        Role::Admin => "admin",
        Role::Developer => "pengembang",
        Role::Agent => "agen",
        Role::Viewer => "pengamat",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_who_invites_and_gives_the_link() {
        for (language, word) in [(Language::En, "invites"), (Language::Id, "mengundang")] {
            let mail = invitation(
                "Video Sehat",
                TenantId::generate(),
                "Toko Melati",
                "rina@melati.example",
                Role::Owner,
                language,
                "https://call.example/dashboard/invitation?token=abc",
            );
            assert!(mail.subject.contains("Toko Melati"), "{}", mail.subject);
            assert!(mail.body.contains(word), "{}", mail.body);
            assert!(mail.body.contains("Video Sehat"), "{}", mail.body);
            assert!(mail.body.contains("?token=abc\n"), "{}", mail.body);
        }
    }
}
