//! [`Entity`]: a key with its user IDs and subkeys, as far as its own signatures bear them out, and [`check_detached`]: which of
//! them made a signature.
//!
//! Source: ProtonMail go-crypto openpgp keys.go `ReadKeyRing`, `ReadEntity`, read.go `verifyDetachedSignature`.

use super::material::algorithm;
use super::openpgp::Error;
use super::packet::{Packet, Packets};
use super::public::PublicKey;
use super::secret::SecretKey;
use super::signature::{Signature, kind};

/// The most signatures of a keyring that are checked: more would take minutes.
const MAX_CHECKS: usize = 50_000;

/// A key and what belongs to it.
#[derive(Clone, Debug)]
pub struct Entity {
    /// The primary key.
    pub primary: PublicKey,
    /// Its secret half, where the keyring has it.
    pub secret: Option<SecretKey>,
    /// The user IDs that the key itself signed, in order.
    pub identities: Vec<Identity>,
    revocations: Vec<Signature>,
    /// What a version 6 key says of itself.
    direct: Option<Signature>,
    subkeys: Vec<Subkey>,
}

/// A user ID.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Name, comment and address.
    pub name: String,
    own: Option<Signature>,
    revocations: Vec<Signature>,
}

#[derive(Clone, Debug)]
struct Subkey {
    key: PublicKey,
    binding: Signature,
    revocations: Vec<Signature>,
}

/// The entities of a keyring. Keys that cannot be read are skipped if any can be.
pub fn read_ring(bytes: &[u8], end: Option<Error>) -> Result<Vec<Entity>, Error> {
    let mut reader = Reader { packets: Packets::ending(bytes, end), checks: 0 };
    let (mut ring, mut passed_over) = (Vec::new(), None);
    loop {
        match reader.entity() {
            Ok(Some(entity)) => ring.push(entity),
            Ok(None) => break,
            Err(error @ (Error::Structural(_) | Error::Unsupported(_))) => {
                passed_over = Some(error);
                if !reader.skip_to_next_key()? {
                    break;
                }
            }
            Err(error) => return Err(error),
        }
    }
    match passed_over {
        Some(error) if ring.is_empty() => Err(error),
        _ => Ok(ring),
    }
}

struct Reader<'a> {
    packets: Packets<'a>,
    checks: usize,
}

impl Reader<'_> {
    /// Goes to before the next primary key without a secret, as Go does, and says whether there is one.
    fn skip_to_next_key(&mut self) -> Result<bool, Error> {
        while let Some(packet) = self.packets.take_next()? {
            if matches!(&packet, Packet::Key(key) if !key.is_subkey && key.secret.is_none()) {
                self.packets.give_back(packet);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn count(&mut self) -> Result<(), Error> {
        self.checks += 1;
        match self.checks > MAX_CHECKS {
            true => Err(Error::Argument(format!("a keyring of more than {MAX_CHECKS} signatures"))),
            false => Ok(()),
        }
    }

    /// Go: `ReadEntity`.
    fn entity(&mut self) -> Result<Option<Entity>, Error> {
        let Some(packet) = self.packets.take_next()? else { return Ok(None) };
        let Packet::Key(key) = packet else {
            self.packets.give_back(packet);
            return Err(Error::structural("first packet was not a public/private key"));
        };
        if !algorithm::can_sign(key.public.algorithm) {
            return Err(Error::structural("primary key cannot be used for signatures"));
        }
        let mut entity = Entity {
            primary: key.public,
            secret: key.secret,
            identities: Vec::new(),
            revocations: Vec::new(),
            direct: None,
            subkeys: Vec::new(),
        };
        let mut direct: Vec<Signature> = Vec::new();
        while let Some(packet) = self.packets.take_next()? {
            match packet {
                Packet::UserId(name) => self.identity(&mut entity, &name)?,
                Packet::Signature(signature) if signature.kind == kind::KEY_REVOCATION => {
                    entity.revocations.push(*signature);
                }
                Packet::Signature(signature) if signature.kind == kind::DIRECT => direct.push(*signature),
                Packet::Key(key) if key.is_subkey => self.subkey(&mut entity, key.public)?,
                packet @ Packet::Key(_) => {
                    self.packets.give_back(packet);
                    break;
                }
                Packet::Signature(_) | Packet::Other => {}
            }
        }
        let version = entity.primary.version;
        if entity.identities.is_empty() && version < 6 {
            return Err(Error::structural(format!("v{version} entity without any identities")));
        }
        if version == 6 {
            entity.direct = Some(self.direct(&entity.primary, direct)?);
        }
        for revocation in &entity.revocations {
            self.count()?;
            revocation
                .verify(&entity.primary, &[&entity.primary.hashed()])
                .map_err(|_| Error::structural("revocation signature signed by alternate key"))?;
        }
        Ok(Some(entity))
    }

    /// The newest of what a version 6 key says of itself.
    fn direct(&mut self, key: &PublicKey, found: Vec<Signature>) -> Result<Signature, Error> {
        if found.is_empty() {
            return Err(Error::structural("v6 entity without a valid direct-key signature"));
        }
        let mut main: Option<Signature> = None;
        for signature in found.into_iter().filter(|signature| signature.names(key)) {
            if main.as_ref().is_none_or(|main| signature.says.created > main.says.created) {
                main = Some(signature);
            }
        }
        let none = || Error::structural("no valid direct-key self-signature for v6 primary key found");
        let main = main.ok_or_else(none)?;
        self.count()?;
        match main.verify(key, &[&key.hashed()]) {
            Ok(()) => Ok(main),
            Err(_) => Err(Error::structural("invalid direct-key self-signature for v6 primary key")),
        }
    }

    /// Go: `addUserID`.
    fn identity(&mut self, entity: &mut Entity, name: &[u8]) -> Result<(), Error> {
        let mut identity =
            Identity { name: String::from_utf8_lossy(name).into_owned(), own: None, revocations: Vec::new() };
        let mut is_own = false;
        let hashed =
            [&entity.primary.hashed()[..], &[0xb4], &(name.len() as u32).to_be_bytes(), name].concat();
        while let Some(packet) = self.packets.take_next()? {
            let Packet::Signature(signature) = packet else {
                self.packets.give_back(packet);
                break;
            };
            let revokes = signature.kind == kind::CERTIFICATION_REVOCATION;
            if !revokes && !kind::CERTIFICATIONS.contains(&signature.kind) {
                return Err(Error::structural("user ID signature with wrong type"));
            }
            if !signature.names(&entity.primary) {
                continue;
            }
            self.count()?;
            signature
                .verify(&entity.primary, &[&hashed])
                .map_err(|error| Error::structural(format!("user ID self-signature invalid: {error}")))?;
            is_own = true;
            if revokes {
                identity.revocations.push(*signature);
            } else if identity.own.as_ref().is_none_or(|own| signature.says.created > own.says.created) {
                identity.own = Some(*signature);
            }
        }
        if is_own {
            entity.identities.retain(|other| other.name != identity.name);
            entity.identities.push(identity);
        }
        Ok(())
    }

    /// Go: `addSubkey`.
    fn subkey(&mut self, entity: &mut Entity, key: PublicKey) -> Result<(), Error> {
        let invalid = |error: Error| Error::structural(format!("subkey signature invalid: {error}"));
        let (mut binding, mut revocations) = (None::<Signature>, Vec::new());
        while let Some(packet) = self.packets.take_next().map_err(invalid)? {
            let Packet::Signature(signature) = packet else {
                self.packets.give_back(packet);
                break;
            };
            if ![kind::SUBKEY_BINDING, kind::SUBKEY_REVOCATION].contains(&signature.kind) {
                return Err(Error::structural("subkey signature with wrong type"));
            }
            self.count()?;
            signature.verify_subkey(&entity.primary, &key).map_err(invalid)?;
            if signature.kind == kind::SUBKEY_REVOCATION {
                revocations.push(*signature);
            } else if binding.as_ref().is_none_or(|old| signature.says.created > old.says.created) {
                binding = Some(*signature);
            }
        }
        let binding = binding.ok_or_else(|| Error::structural("subkey packet not followed by signature"))?;
        entity.subkeys.push(Subkey { key, binding, revocations });
        Ok(())
    }
}

impl Identity {
    /// Whether it goes before the other. Go: `shouldPreferIdentity`.
    fn is_better(&self, other: &Identity) -> bool {
        let revoked = self.revocations.len().cmp(&other.revocations.len());
        let Some(other) = &other.own else { return revoked.is_le() };
        let Some(own) = &self.own else { return revoked.is_lt() };
        let by_date = || own.says.created > other.says.created;
        revoked.is_lt()
            || revoked.is_eq()
                && match (own.says.is_primary, other.says.is_primary) {
                    (true, false) => true,
                    (false, true) => false,
                    _ => by_date(),
                }
    }
}

impl Entity {
    /// What the primary key says of itself, and as whom. Go: `PrimarySelfSignature`.
    fn own_signature(&self) -> (Option<&Signature>, Option<&Identity>) {
        if self.primary.version == 6 {
            return (self.direct.as_ref(), None);
        }
        let mut best: Option<&Identity> = None;
        for identity in &self.identities {
            if best.is_none_or(|best| identity.is_better(best)) {
                best = Some(identity);
            }
        }
        (best.and_then(|best| best.own.as_ref()), best)
    }

    /// The keys of that ID that may sign, the primary one first. Go: `KeysByIdUsage`.
    fn signing_keys(&self, id: u64) -> Vec<(&PublicKey, Option<&Subkey>)> {
        let primary = (self.primary.id == id)
            .then(|| self.own_signature().0)
            .flatten()
            .filter(|own| own.lets_sign())
            .map(|_| (&self.primary, None));
        let subkeys = self.subkeys.iter().filter(|it| it.key.id == id && it.binding.lets_sign());
        primary.into_iter().chain(subkeys.map(|it| (&it.key, Some(it)))).collect()
    }

    /// Whether what the key signed still counts. Go: read.go `checkMessageSignatureDetails`.
    fn check(&self, signature: &Signature, subkey: Option<&Subkey>, now: u64) -> Result<(), Error> {
        let (own, identity) = self.own_signature();
        let of_subkey = subkey.map(|subkey| [Some(&subkey.binding), subkey.binding.cross()]);
        let relevant: Vec<&Signature> =
            [Some(signature), own].into_iter().chain(of_subkey.into_iter().flatten()).flatten().collect();
        if let Some(name) = relevant.iter().find_map(|it| it.says.critical_notation.as_ref()) {
            return Err(Error::Signature(format!("unknown critical notation: {name}")));
        }
        let revoked = |by: &[Signature]| by.iter().any(|it| it.revokes(now));
        if revoked(&self.revocations)
            || subkey.is_some_and(|subkey| revoked(&subkey.revocations))
            || identity.is_some_and(|identity| revoked(&identity.revocations))
        {
            return Err(Error::KeyRevoked);
        }
        let expired = |key: &PublicKey, own: &Signature| {
            let lifetime = own.says.key_lifetime;
            key.created > now || (lifetime != 0 && now > key.created + lifetime)
        };
        if own.is_none_or(|own| expired(&self.primary, own))
            || subkey.is_some_and(|subkey| expired(&subkey.key, &subkey.binding))
        {
            return Err(Error::KeyExpired);
        }
        match relevant.iter().any(|it| it.is_expired(now)) {
            true => Err(Error::SignatureExpired),
            false => Ok(()),
        }
    }
}

/// Which key of the keyring made the signature of these bytes. The first signature by a known key counts.
/// Go: `CheckDetachedSignature`.
pub fn check_detached<'a>(
    ring: &'a [Entity],
    signed: &[u8],
    mut signatures: Packets<'_>,
    now: u64,
) -> Result<&'a Entity, Error> {
    let (signature, keys) = loop {
        let signature = match signatures.take_next()? {
            None => return Err(Error::UnknownIssuer),
            Some(Packet::Signature(signature)) => signature,
            Some(_) => return Err(Error::structural("non signature packet found")),
        };
        let Some(id) = signature.says.issuer else {
            return Err(Error::structural("signature doesn't have an issuer"));
        };
        let keys: Vec<_> = ring
            .iter()
            .flat_map(|entity| entity.signing_keys(id).into_iter().map(move |key| (entity, key)))
            .collect();
        if !keys.is_empty() {
            break (signature, keys);
        }
    };
    let text = match signature.kind {
        kind::BINARY => signed.to_vec(),
        kind::TEXT => super::clearsign::canonical(signed),
        kind => return Err(Error::unsupported(format!("unsupported signature type: {kind}"))),
    };
    let mut refused = Error::UnknownIssuer;
    for (entity, (key, subkey)) in keys {
        match signature.verify(key, &[&text]) {
            Ok(()) => return entity.check(&signature, subkey, now).map(|()| entity),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}
