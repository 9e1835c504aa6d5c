//! What Entra's refusals mean and what to do about them. Meanings are from `reference-error-codes` of
//! MicrosoftDocs/entra-docs; 70020 is not in it and was seen in Azure/azure-cli#22251.
//!
//! That page warns that codes change, so nothing depends on them but the sentence: what the client *does* follows
//! from the protocol's own `error` (see [`super::refusal`]), and a code that is not here is shown as it came.

use super::way::Way;

/// A refusal in words.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The number after `AADSTS`.
    pub code: u32,
    /// What it means, without a full stop.
    pub what: &'static str,
    /// What to do.
    pub remedy: AadstsRemedy,
}

/// What to do about a refusal.
#[derive(Clone, Copy, Debug)]
pub enum AadstsRemedy {
    /// These words.
    Words(&'static str),
    /// Sign in in another way than this time.
    OtherWay,
}

impl AadstsRemedy {
    /// In words, for somebody who signed in by `way`, where that is known.
    pub fn words(self, way: Option<Way>) -> &'static str {
        match (self, way) {
            (Self::Words(words), _) => words,
            (Self::OtherWay, Some(Way::Browser)) => {
                "Use a browser on a device that the organization manages (the ssh line leads from there to here), or ask an administrator which policy refused"
            }
            (Self::OtherWay, _) => {
                "Sign in another way: with a browser (--browser), or by an Azure CLI that is signed in on a managed device (--az)"
            }
        }
    }
}

const SIGN_IN: &str = "Sign in again";
const ADMIN_CONSENT: &str = "Ask an administrator to grant consent to the app in the Entra admin centre, under Enterprise applications";
const CHECK_CLIENT: &str =
    "Check the client id and the tenant, and that the app is registered there";
const CHECK_TENANT: &str = "Check the tenant's name or id, and the cloud it lives in";

const fn known(code: u32, what: &'static str, remedy: &'static str) -> Known {
    let remedy = AadstsRemedy::Words(remedy);
    Known { code, what, remedy }
}

const fn other_way(code: u32, what: &'static str) -> Known {
    let remedy = AadstsRemedy::OtherWay;
    Known { code, what, remedy }
}

/// Every refusal that has words of its own, by number.
pub const KNOWN: &[Known] = &[
    known(
        16000,
        "This account is not known in this tenant",
        "Sign in with an account of the tenant, or be invited to it first",
    ),
    other_way(
        50005,
        "Conditional access does not allow this kind of device",
    ),
    known(
        50011,
        "The app does not allow a sign-in to come back to this machine",
        "Add http://localhost as a redirect address of the app (Mobile and desktop applications)",
    ),
    known(
        50014,
        "This guest account has not been accepted yet",
        "Accept the invitation to the tenant first, then sign in",
    ),
    known(
        50020,
        "This account comes from another tenant and is not known in this one",
        "Sign in with an account of the tenant, or be invited to it as a guest first",
    ),
    known(
        50034,
        "There is no such account in this tenant",
        "Check the account and the tenant, then sign in again",
    ),
    known(
        50053,
        "The account is locked, or the sign-in comes from an address with a bad name",
        "Wait and try again, or ask an administrator to look at the sign-in log",
    ),
    known(
        50055,
        "The password has expired",
        "Change the password in a browser, then sign in again",
    ),
    known(
        50057,
        "The account is disabled",
        "Ask an administrator to enable it",
    ),
    known(
        50058,
        "Nobody is signed in, so this could not be done silently",
        SIGN_IN,
    ),
    known(
        50059,
        "Entra could not tell which tenant is meant",
        CHECK_TENANT,
    ),
    known(
        50072,
        "The account has to register for multifactor authentication first",
        "Sign in once in a browser and register, then sign in here again",
    ),
    known(
        50074,
        "Multifactor authentication is required and was not passed",
        SIGN_IN,
    ),
    known(
        50076,
        "Multifactor authentication is required now: a policy changed, or this is a new place",
        "Sign in again and confirm with the second factor",
    ),
    known(
        50078,
        "The last multifactor authentication is too long ago",
        "Sign in again and confirm with the second factor",
    ),
    known(
        50079,
        "Multifactor authentication is required and the account has not registered for it",
        "Register security info in a browser (aka.ms/mysecurityinfo), then sign in again",
    ),
    known(
        50085,
        "The account's own identity provider wants a new sign-in",
        SIGN_IN,
    ),
    known(50089, "The sign-in took too long or was revoked", SIGN_IN),
    other_way(
        50097,
        "Conditional access requires a known device, and a device code or this browser cannot show one",
    ),
    known(
        50105,
        "The app is for assigned people only, and this account is not assigned to it",
        "Ask an administrator to assign the account to the app, under Enterprise applications",
    ),
    known(
        50126,
        "The user name or the password is wrong",
        "Check both, then sign in again",
    ),
    other_way(
        50129,
        "The device has to be registered with the organization",
    ),
    known(
        50131,
        "Conditional access refused: the device, the place or the behaviour is not allowed",
        "Ask an administrator to look at the sign-in log for the policy",
    ),
    known(
        50132,
        "The session has ended: the password expired or was changed",
        SIGN_IN,
    ),
    known(
        50133,
        "The session has ended: the password expired or was changed",
        SIGN_IN,
    ),
    other_way(50155, "The device could not be authenticated"),
    known(
        50158,
        "A further check by another provider was not passed",
        SIGN_IN,
    ),
    known(
        50173,
        "The sign-in was revoked by an administrator or by yourself",
        SIGN_IN,
    ),
    known(
        50194,
        "The app belongs to one tenant only, and none was named",
        "Name the tenant",
    ),
    known(
        50196,
        "Entra saw the same question too often and suspects a loop",
        "Wait a few minutes, then sign in again",
    ),
    known(
        50199,
        "Entra asked to confirm that this is the app that was meant, and nobody did",
        "Sign in again and confirm, if you began this sign-in yourself",
    ),
    other_way(
        53000,
        "Conditional access requires a compliant device, and this one is not",
    ),
    other_way(
        53001,
        "Conditional access requires a domain-joined device, and this one is not",
    ),
    known(
        53002,
        "Conditional access allows approved apps only, and this is none of them",
        "Ask an administrator which app may be used, and set its client id",
    ),
    other_way(
        53003,
        "Conditional access does not allow this sign-in; device codes are often blocked",
    ),
    known(
        53004,
        "The account has to register for multifactor authentication, and may not from here",
        "Register in a browser on a trusted device, then sign in again",
    ),
    known(
        53011,
        "The account is blocked in its home tenant because of risk",
        "Ask an administrator of the home tenant",
    ),
    known(54005, "The sign-in's code was used already", SIGN_IN),
    known(
        65001,
        "Nobody has consented to the app having these permissions in this tenant",
        ADMIN_CONSENT,
    ),
    known(
        65002,
        "Microsoft's own app may not ask for these permissions",
        "Register an app of your own and set its client id; the README says how",
    ),
    known(
        65004,
        "Consent was declined",
        "Sign in again and consent, or ask an administrator to",
    ),
    known(
        65005,
        "The app is not set up for these permissions",
        "Add them to the app's API permissions, then have an administrator consent",
    ),
    known(
        70000,
        "The sign-in kept from before is not valid any more",
        SIGN_IN,
    ),
    known(70001, "The app is disabled in this tenant", CHECK_CLIENT),
    known(
        70002,
        "The client secret is wrong",
        "Use the secret's value, not its id",
    ),
    known(70008, "The sign-in kept from before has expired", SIGN_IN),
    known(
        70011,
        "Entra does not know one of the permissions that were asked for",
        "Check the cloud; a permission may be missing there",
    ),
    known(
        70016,
        "Nobody has typed in the code yet",
        "Type it in at the address shown",
    ),
    known(
        70018,
        "A wrong code was typed in",
        "Sign in again and type the new code",
    ),
    known(
        70019,
        "The code has expired",
        "Sign in again and type the new code in time",
    ),
    known(
        70020,
        "The code has expired",
        "Sign in again and type the new code in time",
    ),
    known(
        70043,
        "A policy ends sign-ins after some time, and that time is over",
        SIGN_IN,
    ),
    known(90002, "There is no such tenant in this cloud", CHECK_TENANT),
    known(
        90038,
        "The tenant lives in another cloud",
        "Set the profile's cloud to the tenant's",
    ),
    known(
        90072,
        "This account is not in the tenant, so it cannot pass its multifactor authentication",
        "Sign in with an account of the tenant, or be invited to it as a guest first",
    ),
    known(
        90094,
        "Only an administrator can consent to these permissions",
        ADMIN_CONSENT,
    ),
    known(
        90095,
        "An administrator has to consent; Entra offered to ask one",
        ADMIN_CONSENT,
    ),
    known(
        500_011,
        "Microsoft Graph is not known in this tenant under that name",
        "Check the cloud and the tenant",
    ),
    known(
        500_021,
        "The network here allows other tenants only (tenant restrictions)",
        "Ask whoever runs the network's proxy",
    ),
    known(
        500_212,
        "The account's own organization does not let it into this tenant",
        "Ask an administrator of the home organization about cross-tenant access",
    ),
    known(
        500_213,
        "This tenant does not let accounts of that organization in",
        "Ask an administrator about cross-tenant access settings",
    ),
    other_way(
        530_032,
        "A security policy of the tenant blocks this sign-in",
    ),
    known(
        650_057,
        "The app's registration does not list Microsoft Graph",
        "Add Microsoft Graph to the app's API permissions",
    ),
    known(700_016, "The app is not known in this tenant", CHECK_CLIENT),
    known(
        700_025,
        "The app is a public one and takes no secret",
        "Leave the client secret out, or choose another app",
    ),
    known(
        700_027,
        "The app's certificate was not accepted",
        "Check that this certificate is uploaded to the app and has not expired",
    ),
    known(
        700_082,
        "The sign-in kept from before has expired: it was not used for too long",
        SIGN_IN,
    ),
    known(
        7_000_112,
        "The app is disabled",
        "Ask an administrator to enable it",
    ),
    known(
        7_000_215,
        "The client secret is wrong",
        "Use the secret's value, not its id",
    ),
    known(
        7_000_218,
        "The app is not set up for sign-in without a secret",
        "Switch on \"Allow public client flows\" in the app's registration",
    ),
    known(
        7_000_222,
        "The client secret has expired",
        "Make a new one in the app's registration, or use a certificate",
    ),
];

/// The words for a code.
pub fn known_as(code: u32) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_says_what_to_do() {
        assert!(KNOWN.is_sorted_by(|a, b| a.code < b.code));
        for known in KNOWN {
            for way in [None, Some(Way::Browser), Some(Way::DeviceCode)] {
                let remedy = known.remedy.words(way);
                assert!(
                    !known.what.ends_with('.') && !remedy.ends_with('.'),
                    "{known:?}"
                );
                assert!(known.what.len() > 10 && remedy.len() > 10, "{known:?}");
                let again = way == Some(Way::Browser) && remedy.contains("--browser");
                assert!(!again, "that is what was just done: {known:?}");
            }
        }
        for code in [
            50058, 50020, 50034, 50076, 50079, 50097, 50105, 50126, 50173, 50199, 53000, 53001,
            53003, 54005, 65001, 65004, 70011, 70016, 70019, 70020, 70043, 90002, 90072, 500_011,
            700_016, 700_082, 7_000_215, 7_000_222,
        ] {
            assert!(known_as(code).is_some(), "{code}");
        }
        assert!(known_as(1).is_none());
    }
}
