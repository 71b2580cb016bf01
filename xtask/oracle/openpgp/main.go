// Makes OpenPGP keys of the kinds that GnuPG does not make, with the library that Helm uses, and signs a text with each:
// version 6, Ed448, and secrets that are locked in every way that Helm opens. Run by testdata/provenance/make.sh.
//
//	go run ./openpgp FOLDER MESSAGE
package main

import (
	"bytes"
	"crypto"
	"os"
	"path/filepath"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/ProtonMail/go-crypto/openpgp/s2k"
)

const passphrase = "open sesame"

var (
	made   = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	signed = time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)
)

// A key: its name, how it is made, and whether it is locked.
type kind struct {
	name   string
	config packet.Config
	locked bool
}

func kinds() []kind {
	at := func() time.Time { return made }
	argon := &s2k.Config{S2KMode: s2k.Argon2S2K, Argon2Config: &s2k.Argon2Config{NumberOfPasses: 1, DegreeOfParallelism: 2, Memory: 64}}
	iterated := &s2k.Config{S2KMode: s2k.IteratedSaltedS2K, S2KCount: 65536, Hash: crypto.SHA512}
	cipher := func(name string, cipher packet.CipherFunction) kind {
		config := packet.Config{Time: at, Algorithm: packet.PubKeyAlgoEdDSA, DefaultCipher: cipher, S2KConfig: iterated}
		return kind{name, config, true}
	}
	aead := func(name string, mode packet.AEADMode, cipher packet.CipherFunction, stretch *s2k.Config) kind {
		config := packet.Config{Time: at, V6Keys: true, Algorithm: packet.PubKeyAlgoEd25519, DefaultCipher: cipher,
			AEADConfig: &packet.AEADConfig{DefaultMode: mode}, S2KConfig: stretch}
		return kind{name, config, true}
	}
	plain := func(name string, v6 bool, algorithm packet.PublicKeyAlgorithm, curve packet.Curve) kind {
		return kind{name, packet.Config{Time: at, V6Keys: v6, Algorithm: algorithm, Curve: curve, RSABits: 2048}, false}
	}
	return []kind{
		plain("go-ed25519", false, packet.PubKeyAlgoEd25519, ""),
		plain("go-ed448", false, packet.PubKeyAlgoEd448, ""),
		plain("go-v6-rsa", true, packet.PubKeyAlgoRSA, ""),
		plain("go-v6-p256", true, packet.PubKeyAlgoECDSA, packet.CurveNistP256),
		plain("go-v6-p521", true, packet.PubKeyAlgoECDSA, packet.CurveNistP521),
		plain("go-v6-ed448", true, packet.PubKeyAlgoEd448, ""),
		cipher("go-3des", packet.Cipher3DES),
		cipher("go-cast5", packet.CipherCAST5),
		cipher("go-aes192", packet.CipherAES192),
		cipher("go-aes256", packet.CipherAES256),
		aead("go-eax", packet.AEADModeEAX, packet.CipherAES128, iterated),
		aead("go-ocb", packet.AEADModeOCB, packet.CipherAES256, argon),
		aead("go-ocb192", packet.AEADModeOCB, packet.CipherAES192, iterated),
		aead("go-gcm", packet.AEADModeGCM, packet.CipherAES256, argon),
		aead("go-gcm192", packet.AEADModeGCM, packet.CipherAES192, iterated),
		aead("go-gcm128", packet.AEADModeGCM, packet.CipherAES128, iterated),
	}
}

func main() {
	folder := os.Args[1]
	message, err := os.ReadFile(os.Args[2])
	check(err)
	var secret, public bytes.Buffer
	for _, kind := range kinds() {
		entity, err := openpgp.NewEntity("Plimsoll test "+kind.name, "", kind.name+"@test.invalid", &kind.config)
		check(err)
		entity.Subkeys = nil
		check(entity.Serialize(&public))
		config := packet.Config{Time: func() time.Time { return signed }, DefaultHash: crypto.SHA512}
		var text bytes.Buffer
		writer, err := clearsign.Encode(&text, entity.PrivateKey, &config)
		check(err)
		_, err = writer.Write(message)
		check(err)
		check(writer.Close())
		text.WriteByte('\n')
		check(os.WriteFile(filepath.Join(folder, kind.name+".prov"), text.Bytes(), 0o644))
		if kind.locked {
			check(entity.PrivateKey.EncryptWithConfig([]byte(passphrase), &kind.config))
		}
		check(entity.SerializePrivateWithoutSigning(&secret, &config))
	}
	check(os.WriteFile(filepath.Join(folder, "go-secret.gpg"), secret.Bytes(), 0o644))
	check(os.WriteFile(filepath.Join(folder, "go-public.gpg"), public.Bytes(), 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
