# Sourced by the launchers: finds a Java of at least 21. No output but errors.

# The feature version of the Java installed at $1 ("21"), or nothing.
java_version() {
    local version=
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    fi
    if [ -z "$version" ]; then
        version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 |
            sed -n 's/^ *java.specification.version = //p')
    fi
    echo "${version%%.*}"
}

# The file that $1 leads to: `readlink -f`, where that is not known.
follow_links() {
    local file=$1 link
    while [ -L "$file" ]; do
        link=$(readlink "$file")
        case $link in
            /*) file=$link ;;
            *) file=${file%/*}/$link ;;
        esac
    done
    echo "$file"
}

# Sets JAVA_HOME to the first Java >= 21 that has the tool $1 ("java", or "javac" for building).
find_jdk() {
    local tool=$1 on_path candidate version
    on_path=$(command -v "$tool" 2>/dev/null || true)
    [ -n "$on_path" ] && on_path=$(follow_links "$on_path") && on_path=${on_path%/bin/"$tool"}
    for candidate in "${ALTHING_JDK:-}" "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
        [ -n "$candidate" ] && [ -x "$candidate/bin/$tool" ] || continue
        version=$(java_version "$candidate")
        if [ -n "$version" ] && [ "$version" -ge 21 ] 2>/dev/null; then
            export JAVA_HOME=$candidate
            return 0
        fi
    done
    echo "althing: no JDK 21 or newer found; install one (for example Temurin 21 or 25, or Debian's openjdk-21-jdk)" \
        "and set ALTHING_JDK to its folder" >&2
    return 1
}
