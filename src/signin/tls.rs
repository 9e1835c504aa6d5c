//! Why no secure connection came about: which kind of refusal it was, since what to do about it differs.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as Tls};

/// Which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsRefusal {
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYet,
    /// Nobody this machine knows vouches for the certificate.
    Issuer,
    /// The certificate is another host's.
    Name,
    /// The certificate was taken back.
    Revoked,
    /// The certificate is unfit in another way.
    Certificate,
    /// No version or cipher in common.
    Protocol,
    /// What answers speaks something else.
    NotTls,
}

impl TlsRefusal {
    /// The kind in an error of the HTTP client, where that is one of TLS.
    pub fn of(error: &reqwest::Error) -> Option<Self> {
        let mut next: Option<&(dyn Error + 'static)> = error.source();
        while let Some(cause) = next {
            if let Some(tls) = cause.downcast_ref::<Tls>() {
                return Some(Self::kind(tls));
            }
            let mut io = cause.downcast_ref::<io::Error>();
            // The source of one that wraps another is the other's source: the other itself has to be unpacked.
            while let Some(inner) = io.and_then(io::Error::get_ref) {
                if let Some(tls) = inner.downcast_ref::<Tls>() {
                    return Some(Self::kind(tls));
                }
                io = inner.downcast_ref();
            }
            next = cause.source();
        }
        None
    }

    fn kind(error: &Tls) -> Self {
        match error {
            Tls::InvalidCertificate(certificate) => match certificate {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    Self::Expired
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    Self::NotYet
                }
                CertificateError::UnknownIssuer => Self::Issuer,
                // Made by itself and for itself, as a test's or an appliance's is.
                CertificateError::Other(other)
                    if other.0.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity) =>
                {
                    Self::Issuer
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => Self::Name,
                CertificateError::Revoked => Self::Revoked,
                _ => Self::Certificate,
            },
            Tls::InvalidMessage(_) => Self::NotTls,
            Tls::AlertReceived(
                AlertDescription::ProtocolVersion
                | AlertDescription::HandshakeFailure
                | AlertDescription::InsufficientSecurity,
            )
            | Tls::PeerIncompatible(_)
            | Tls::PeerMisbehaved(_)
            | Tls::InappropriateMessage { .. }
            | Tls::InappropriateHandshakeMessage { .. } => Self::Protocol,
            _ => Self::Certificate,
        }
    }

    /// Why, as the end of a sentence about the other side.
    pub fn words(self) -> &'static str {
        match self {
            Self::Expired => "its certificate has expired",
            Self::NotYet => "its certificate is not valid yet",
            Self::Issuer => "its certificate is from an issuer that is not known here",
            Self::Name => "its certificate is for another name",
            Self::Revoked => "its certificate was revoked",
            Self::Certificate => "its certificate is not trusted here",
            Self::Protocol => "it has no version and cipher of TLS in common with guestlist",
            Self::NotTls => "what answers there does not speak TLS",
        }
    }

    /// What to do.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Expired => {
                "Check this machine's clock; where it is right, whoever runs the other side, or a proxy in between, has to renew it"
            }
            Self::NotYet => "Check this machine's clock",
            Self::Issuer => {
                "A proxy may put in its own: name a bundle with its issuer in SSL_CERT_FILE, or install that"
            }
            Self::Name => {
                "Check the address; a proxy, or a network that wants a sign-in of its own, may answer in its place"
            }
            Self::Revoked | Self::Certificate => {
                "Check this machine's clock and certificates; a proxy may put in its own"
            }
            Self::Protocol => "guestlist speaks TLS 1.2 and 1.3; a proxy in between may speak less",
            Self::NotTls => "Check the address, its port, and HTTPS_PROXY",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_vouches_for_itself_is_of_no_known_issuer() {
        let own = rustls::OtherError(std::sync::Arc::new(webpki::Error::CaUsedAsEndEntity));
        let error = Tls::InvalidCertificate(CertificateError::Other(own));
        assert_eq!(TlsRefusal::kind(&error), TlsRefusal::Issuer);
    }

    #[test]
    fn each_kind_is_told_from_the_others() {
        let certificate = Tls::InvalidCertificate;
        for (error, kind) in [
            (certificate(CertificateError::Expired), TlsRefusal::Expired),
            (
                certificate(CertificateError::NotValidYet),
                TlsRefusal::NotYet,
            ),
            (
                certificate(CertificateError::UnknownIssuer),
                TlsRefusal::Issuer,
            ),
            (
                certificate(CertificateError::NotValidForName),
                TlsRefusal::Name,
            ),
            (certificate(CertificateError::Revoked), TlsRefusal::Revoked),
            (
                certificate(CertificateError::BadSignature),
                TlsRefusal::Certificate,
            ),
            (
                Tls::AlertReceived(AlertDescription::ProtocolVersion),
                TlsRefusal::Protocol,
            ),
            (
                Tls::InvalidMessage(rustls::InvalidMessage::InvalidContentType),
                TlsRefusal::NotTls,
            ),
        ] {
            assert_eq!(TlsRefusal::kind(&error), kind, "{error}");
            assert!(!kind.words().ends_with('.') && !kind.remedy().ends_with('.'));
        }
    }
}
