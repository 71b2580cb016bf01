#!/usr/bin/env bash
# What the action runs first: fetches the archive of this version for this machine, holds it against the release's list of sums,
# and puts the program into $FOLDER/bin. Says on $GITHUB_OUTPUT whether there was one; where there is none, such as for a commit
# between releases, the action builds. A network that fails and a sum that is wrong are errors.
set -euo pipefail

releases="${PLIMSOLL_RELEASES:-https://github.com/plimsoll-charts/plimsoll/releases/download}"
version="$(sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$ACTION/Cargo.toml")"

tell() {
  echo "found=$1" >> "${GITHUB_OUTPUT:-/dev/null}"
  echo "$2"
}

suffix=""
case "$(uname -s) $(uname -m)" in
  "Linux x86_64") target=x86_64-unknown-linux-musl ;;
  "Linux aarch64") target=aarch64-unknown-linux-musl ;;
  "Darwin x86_64") target=x86_64-apple-darwin ;;
  "Darwin arm64") target=aarch64-apple-darwin ;;
  "MINGW64_NT"*" x86_64" | "MSYS_NT"*" x86_64") target=x86_64-pc-windows-gnu suffix=.exe ;;
  *)
    tell false "there are no releases for $(uname -s) $(uname -m)"
    exit
    ;;
esac

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
# Fetches a file of the release; 22 and 37 are what curl says of one that is not there.
fetch() {
  local code=0
  curl --fail --silent --show-error --location --proto '=https,file' --retry 3 --output "$scratch/$1" "$releases/v$version/$1" || code=$?
  return "$code"
}

stem="plimsoll-$version-$target"
code=0
fetch SHA256SUMS 2> "$scratch/why" || code=$?
case "$code" in
  0) ;;
  22 | 37)
    if [ "$code" = 22 ] && ! grep -q 404 "$scratch/why"; then
      cat "$scratch/why" >&2
      exit 2
    fi
    tell false "version $version is not released"
    exit
    ;;
  *)
    cat "$scratch/why" >&2
    exit 2
    ;;
esac
wanted="$(awk -v name="$stem.tar.gz" '$2 == name { print $1 }' "$scratch/SHA256SUMS")"
if [ -z "$wanted" ]; then
  tell false "version $version is not released for $target"
  exit
fi
fetch "$stem.tar.gz"
if command -v sha256sum > /dev/null; then sum=(sha256sum); else sum=(shasum -a 256); fi
found="$("${sum[@]}" "$scratch/$stem.tar.gz" | cut -d ' ' -f 1)"
if [ "$found" != "$wanted" ]; then
  echo "Error: the SHA-256 of $stem.tar.gz is $found, and the release says $wanted" >&2
  exit 2
fi
tar -xzf "$scratch/$stem.tar.gz" -C "$scratch"
mkdir -p "$FOLDER/bin"
mv "$scratch/$stem/plimsoll$suffix" "$FOLDER/bin/plimsoll$suffix"
tell true "fetched plimsoll $version for $target"
