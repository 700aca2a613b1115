#!/usr/bin/env bash
# Starts the build; builds it first when one of its inputs changed since it was built. All arguments go to it untouched.
set -euo pipefail

SELF=${BASH_SOURCE[0]}
while [ -L "$SELF" ]; do
  LINK=$(readlink "$SELF")
  case "$LINK" in /*) SELF=$LINK ;; *) SELF=$(dirname "$SELF")/$LINK ;; esac
done
ROOT=$(cd "$(dirname "$SELF")" && pwd)
HOME_OF_BUILD="$ROOT/.nuke/temp/build"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUKE_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_TieredPGO=0

# What the build is made of: content decides. The listing (size, times; ctime cannot be set back) only saves reading it.
inputs() {
  (cd "$ROOT" && find build src/Slipway src/Slipway.* Directory.Build.props Directory.Packages.props global.json \
    -name bin -prune -o -name obj -prune -o -type f "$@")
}

listing() {
  if inputs -printf '%p %s %T@ %C@ %i\n' 2>/dev/null; then return; fi
  inputs -exec stat -f '%N %z %Fm %Fc %i' {} +
}

contents() {
  inputs -exec cksum {} + | LC_ALL=C sort -k3 | cksum
}

sdk() {
  if command -v dotnet >/dev/null 2>&1 && (cd "$ROOT" && dotnet --version >/dev/null 2>&1); then return; fi
  export DOTNET_ROOT="$ROOT/.nuke/temp/dotnet" DOTNET_MULTILEVEL_LOOKUP=0
  export PATH="$DOTNET_ROOT:$PATH"
  if [ -x "$DOTNET_ROOT/dotnet" ] && (cd "$ROOT" && dotnet --version >/dev/null 2>&1); then return; fi
  install_sdk
}

install_sdk() {
  local version script url
  version=$(sed -n 's/.*"version"[^"]*"\([^"]*\)".*/\1/p' "$ROOT/global.json" | head -n 1)
  url=${SLIPWAY_DOTNET_INSTALL_URL:-https://dot.net/v1/dotnet-install.sh}
  script="$ROOT/.nuke/temp/dotnet-install.sh"
  mkdir -p "$ROOT/.nuke/temp"
  echo "No .NET SDK that fits global.json is installed: installing $version into .nuke/temp/dotnet" >&2
  if command -v curl >/dev/null 2>&1; then curl -fsSL --connect-timeout 20 --max-time 300 "$url" -o "$script" || failed_install "$version" "$url"
  elif command -v wget >/dev/null 2>&1; then wget -q --timeout=20 --tries=2 -O "$script" "$url" || failed_install "$version" "$url"
  else failed_install "$version" "$url (neither curl nor wget is installed)"; fi
  bash "$script" --install-dir "$DOTNET_ROOT" --version "$version" --no-path >&2 || failed_install "$version" "$url"
  (cd "$ROOT" && dotnet --version >/dev/null 2>&1) || failed_install "$version" "$url (the script ran and installed nothing that fits)"
}

failed_install() {
  echo "The .NET SDK $1 could not be installed from $2" >&2
  echo "HINT: install it by hand (https://dotnet.microsoft.com/download), then run this again." >&2
  exit 1
}

# Into a folder of its own, put in place by one rename: a build that is killed is never started, and one that runs keeps its files.
build() {
  local stamp folder output
  stamp=$1
  folder="$HOME_OF_BUILD/$$.$RANDOM"
  mkdir -p "$folder"
  listing >"$folder/listing"
  echo "$stamp" >"$folder/contents"
  echo "Building Slipway (first run, or its sources changed) ..." >&2
  if ! output=$(cd "$ROOT" && dotnet build build/_build.csproj -c Release --nologo -v quiet -p:OutDir="$folder/app/" 2>&1); then
    printf '%s\n' "$output" >&2
    rm -rf "$folder"
    echo "HINT: mend the errors above; nothing was run." >&2
    exit 1
  fi
  ln -sfn "${folder##*/}" "$HOME_OF_BUILD/current.$$"
  mv -Tf "$HOME_OF_BUILD/current.$$" "$HOME_OF_BUILD/current" 2>/dev/null || { rm -f "$HOME_OF_BUILD/current"; mv "$HOME_OF_BUILD/current.$$" "$HOME_OF_BUILD/current"; }
  tidy
}

# Builds that are neither the newest nor in use by somebody for a day.
tidy() {
  find "$HOME_OF_BUILD" -mindepth 1 -maxdepth 1 -type d -mtime +0 ! -name "$(readlink "$HOME_OF_BUILD/current")" \
    -exec rm -rf {} + 2>/dev/null || true
}

sure() {
  local now
  [ -f "$HOME_OF_BUILD/current/listing" ] && [ -f "$HOME_OF_BUILD/current/app/_build.dll" ] &&
    [ "$(listing)" = "$(cat "$HOME_OF_BUILD/current/listing")" ] && return
  mkdir -p "$HOME_OF_BUILD"
  exec 9>"$HOME_OF_BUILD/lock"
  if command -v flock >/dev/null 2>&1; then flock 9; fi
  now=$(contents)
  if [ -f "$HOME_OF_BUILD/current/contents" ] && [ -f "$HOME_OF_BUILD/current/app/_build.dll" ] && [ "$now" = "$(cat "$HOME_OF_BUILD/current/contents")" ]; then
    listing >"$HOME_OF_BUILD/current/listing.$$" && mv "$HOME_OF_BUILD/current/listing.$$" "$HOME_OF_BUILD/current/listing"
  else
    sdk
    build "$now" 9>&-
  fi
  exec 9>&-
}

sure
command -v dotnet >/dev/null 2>&1 || sdk
case " $* " in
  *" --root "* | *" --root="*) exec dotnet "$HOME_OF_BUILD/current/app/_build.dll" "$@" ;;
  *) exec dotnet "$HOME_OF_BUILD/current/app/_build.dll" "$@" --root "$ROOT" ;;
esac
