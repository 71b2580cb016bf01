#!/bin/sh
# Makes the keys and the signed files in testdata/provenance/files anew: needs gpg 2.2 or newer, helm for the archive, and Go.
# The keys are for these tests only; their passphrase, where they have one, is "open sesame". All of it is dated
# January 2025, so that nothing is from the future wherever the tests run. Afterwards run `cargo xtask oracle provenance`.
set -e
cd "$(dirname "$0")"
rm -rf files && mkdir files
GNUPGHOME=$(mktemp -d)
work=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill all; rm -rf "$GNUPGHOME" "$work"' EXIT
echo allow-loopback-pinentry > "$GNUPGHOME/gpg-agent.conf"

gpg_at() {
    when=$1; shift
    gpg --batch --yes --quiet --no-tty --pinentry-mode loopback --faked-system-time "$when!" "$@"
}
key() { gpg_at 20250101T000000 --passphrase "$1" --quick-gen-key "Plimsoll test $2 <$3@test.invalid>" "$4" "$5" "$6"; }
fingerprint() { gpg --batch --with-colons --list-keys "<$1>" | sed -n '/^fpr/{s/^fpr:*//;s/:.*//p;q}'; }
sign() { # key, file without .prov, text
    gpg_at 20250102T000000 --passphrase "open sesame" --digest-algo SHA512 --local-user "<$1>" --output "files/$2.prov" --clearsign "${3:-$work/message}"
}

mkdir -p "$work/web/templates"
printf 'apiVersion: v2\nname: web\nversion: 1.2.3\ndescription: A chart that is signed\n' > "$work/web/Chart.yaml"
printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: web}\n' > "$work/web/templates/map.yaml"
SOURCE_DATE_EPOCH=1735689600 helm package "$work/web" --destination files > /dev/null
sum=$(sha256sum files/web-1.2.3.tgz | cut -d' ' -f1)
printf 'apiVersion: v2\ndescription: A chart that is signed\nname: web\nversion: 1.2.3\n\n...\nfiles:\n  web-1.2.3.tgz: sha256:%s\n' "$sum" > "$work/message"

# Keys of every kind.
key '' RSA rsa rsa2048 sign never
key 'open sesame' 'locked RSA' locked-rsa rsa4096 sign never
key '' Ed25519 ed25519 ed25519 sign never
key 'open sesame' 'locked Ed25519' locked-ed25519 ed25519 sign never
key '' DSA dsa dsa2048 sign never
key '' P-256 p256 nistp256 sign never
key 'open sesame' 'locked P-384' locked-p384 nistp384 sign never
key '' P-521 p521 nistp521 sign never
key '' secp256k1 k256 secp256k1 sign never
for name in rsa locked-rsa ed25519 locked-ed25519 dsa p256 locked-p384 p521 k256; do sign "$name@test.invalid" "$name"; done
gpg --batch --export > files/public.gpg
gpg --batch --export --armor > files/public.asc
cp "$GNUPGHOME/pubring.kbx" files/public.kbx
gpg_at 20250102T000000 --passphrase 'open sesame' --export-secret-keys > files/secret.gpg
gpg_at 20250102T000000 --passphrase 'open sesame' --armor --export-secret-keys "<rsa@test.invalid>" > files/secret.asc
gpg --batch --export --armor "<ed25519@test.invalid>" > files/two.asc
gpg --batch --export --armor "<p256@test.invalid>" >> files/two.asc
gpg --batch --export "<rsa@test.invalid>" > files/rsa.gpg

# A primary key that only certifies, with a subkey that signs and one that encrypts.
key '' 'with subkeys' subkeys rsa2048 cert never
subkeys=$(fingerprint subkeys@test.invalid)
gpg_at 20250101T000000 --passphrase '' --quick-add-key "$subkeys" ed25519 sign never
gpg_at 20250101T000000 --passphrase '' --quick-add-key "$subkeys" cv25519 encr never
sign subkeys@test.invalid subkeys
gpg --batch --export "<subkeys@test.invalid>" > files/subkeys.gpg
gpg_at 20250102T000000 --export-secret-keys "<subkeys@test.invalid>" > files/subkeys-secret.gpg
gpg_at 20250102T000000 --export-secret-subkeys "<subkeys@test.invalid>" > files/dummy-secret.gpg

# A key with two user IDs, of which Helm tells in any order.
key '' 'first name' first ed25519 sign never
gpg_at 20250101T000000 --passphrase '' --quick-add-uid "$(fingerprint first@test.invalid)" 'Plimsoll test second name <second@test.invalid>'
sign first@test.invalid names
gpg_at 20250102T000000 --export-secret-keys "<first@test.invalid>" > files/names-secret.gpg

# What is no longer valid.
key '' expired expired ed25519 sign 2025-02-01
sign expired@test.invalid expired
gpg --batch --export "<expired@test.invalid>" > files/expired.gpg
gpg_at 20250102T000000 --default-sig-expire 1d --passphrase '' --digest-algo SHA512 --local-user "<ed25519@test.invalid>" --output files/expired-signature.prov --clearsign "$work/message"
key '' revoked revoked ed25519 sign never
sign revoked@test.invalid revoked
revoked=$(fingerprint revoked@test.invalid)
sed 's/^:-----BEGIN/-----BEGIN/' "$GNUPGHOME/openpgp-revocs.d/$revoked.rev" > "$work/revoke"
gpg_at 20250103T000000 --import "$work/revoke"
gpg --batch --export "<revoked@test.invalid>" > files/revoked.gpg

# Texts that are signed and say something else.
printf 'nothing: here\n' > "$work/one-part"
sign ed25519@test.invalid one-part "$work/one-part"
printf 'a: b\n\n...\nfiles:\n  other-1.2.3.tgz: sha256:%s\n' "$sum" > "$work/other"
sign ed25519@test.invalid other-file "$work/other"
printf 'a: b\n\n...\nfiles: {web-1.2.3.tgz: [' > "$work/bad"
sign ed25519@test.invalid bad-yaml "$work/bad"
printf 'a: b\n\n...\n- files\n' > "$work/list"
sign ed25519@test.invalid list "$work/list"
printf -- '- dash: at the beginning   \n\n...\nfiles:\n  web-1.2.3.tgz: sha256:%s\n' "$sum" > "$work/dash"
sign ed25519@test.invalid dash "$work/dash"

# Other ways to sign.
gpg_at 20250102T000000 --passphrase '' --digest-algo SHA512 --local-user "<subkeys@test.invalid>" --local-user "<rsa@test.invalid>" --output files/twice.prov --clearsign "$work/message"
gpg_at 20250102T000000 --passphrase '' --digest-algo SHA1 --local-user "<rsa@test.invalid>" --output files/sha1.prov --clearsign "$work/message"
gpg_at 20250102T000000 --passphrase '' --digest-algo SHA512 --sig-notation '!critical@test.invalid=yes' --local-user "<rsa@test.invalid>" --output files/notation.prov --clearsign "$work/message"

# Kinds that GnuPG does not make: needs Go.
here=$PWD
(cd ../../xtask/oracle && go run ./openpgp "$here/files" "$work/message")
