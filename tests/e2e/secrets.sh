#!/bin/bash
# Secrets: podman's own files, files and variables in containers, and that a value is nowhere else.
# runs: testing debian12 umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() {
    import_image
    printf hush >/tmp/value
}

# Ids and times differ from one run to the next.
neutral() { sed -E 's/[0-9a-f]{25}/ID/g; s/[0-9]{4}-[0-9-]+[T ][0-9:.]+(Z| \+0000 UTC)/TIME/g; s/[0-9]+ seconds? ago|Less than a second ago/AGO/g; s/ +/ /g; s/podsharp/podman/g'; }

# same PODMAN PODSHARP: line for line, but that our errors may go on to say what can be done about it.
same() {
    local said line
    equal "$(wc -l <"$1")" "$(wc -l <"$2")"
    while IFS= read -r line <&3 && IFS= read -r said <&4; do
        [[ $said == "$line" || ($line == Error:* && $said == "$line"*) ]] || fail "podman says: $line"$'\n'"podsharp says: $said"
    done 3<"$1" 4<"$2"
}

it_has_the_secrets_of_podman() {
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    local other engine
    for engine in podman podsharp; do
        [[ $engine == podman ]] && other=podsharp || other=podman
        $engine secret create --label tier=db --label 'what=a<b>&c' one /tmp/value >/dev/null
        printf 'two\n' | $engine secret create two - >/dev/null
        VALUE=three $engine secret create --env three VALUE >/dev/null
        equal "$($other secret inspect one --showsecret --format '{{.SecretData}} {{.Spec.Labels}}')" 'hush map[tier:db what:a<b>&c]'
        equal "$($other secret inspect two --showsecret --format '{{json .SecretData}}')" '"two\n"'
        printf new | $other secret create --replace two - >/dev/null
        equal "$($engine secret inspect two --showsecret --format '{{.SecretData}}')" new
        $other secret rm one two three >/dev/null
        equal "$($engine secret ls -q)" ''
    done
    # What others keep in the file stays, and it has the modes that podman gives it.
    podman secret create kept /tmp/value >/dev/null
    local file=/var/lib/containers/storage/secrets/secrets.json
    jq '.secrets[].metadata = {"of": "another"} | .future = 1' "$file" >/tmp/changed && cat /tmp/changed >"$file"
    podsharp secret create mine /tmp/value >/dev/null
    equal "$(jq -c '[.future, .secrets[].metadata.of]' "$file")" '[1,"another",null]'
    equal "$(stat -c %a "$file" "${file%/*}/filedriver/secretsdata.json" "${file%/*}" | tr '\n' ' ')" '600 600 700 '
    podsharp secret rm --all >/dev/null
}

it_says_what_podman_says() {
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    head -c 512000 /dev/zero >/tmp/long
    head -c 511999 /dev/zero >/tmp/fits
    local engine
    for engine in podman podsharp; do
        show() { echo "# $*"; "$engine" "$@" 2>&1 && echo '= 0' || echo "= $?"; }
        {
            show secret create one /tmp/value
            show secret create one /tmp/value
            show secret create --ignore one /tmp/value
            show secret create --replace one /tmp/value
            show secret create fits /tmp/fits
            show secret create long /tmp/long
            show secret create empty /dev/null
            for name in a,b a/b a=b ''; do show secret create "$name" /tmp/value; done
            show secret create --env v NO_SUCH_VARIABLE
            show secret create none /no/such/file
            show secret create -l a=b -l c labels /tmp/value
            show secret ls --format '{{.Name}} {{.Driver}}' -f name=one
            show secret ls -f name=one --format 'table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.CreatedAt}}\t{{.UpdatedAt}}'
            show secret ls -n -f name='^o.e$'
            show secret ls -q -f id=zz
            show secret ls -f bogus=x
            show secret inspect one
            show secret inspect --pretty labels
            show secret inspect --showsecret --format '{{.Spec.Driver.Name}} {{.SecretData}}' one
            show secret exists one
            show secret exists nothing
            show secret rm nothing
            show secret rm --ignore nothing
            show secret rm one labels
            show secret rm --all one
            show secret rm
        } | neutral >"/tmp/said.$engine"
        podman secret rm --all >/dev/null
    done
    same /tmp/said.podman /tmp/said.podsharp
}

it_gives_secrets_as_podman() {
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    # podman has one copy of a secret, whose mode the last use decides: so each is used once here.
    for name in file own deep; do printf hush | podsharp secret create "$name" - >/dev/null; done
    printf 'va=lue\nof two lines' | podsharp secret create variable - >/dev/null
    local engine name
    for engine in podman podsharp; do
        with() { echo "# $*"; $engine run --rm --network none "$@" 2>&1 && echo '= 0' || echo "= $?"; }
        look='ls -lanR /run/secrets /etc/own | grep -v " [.][.]\?$" | sed "s/[A-Z][a-z][a-z] .* //"; cat /run/secrets/file /etc/own; env | grep -A1 ^S=; grep secrets /proc/self/mountinfo | cut -d" " -f 5,6 | sort'
        {
            with --secret file --secret variable,type=env,target=S --secret source=own,target=/etc/own,uid=5,gid=6,mode=0440 \
                --secret deep,target=deep/er,mode=0711 "$image" sh -c "$look"
            with --secret variable,type=env "$image" sh -c 'echo "$variable"'
            with --secret file,type=env,target=PATH2 -e PATH2=given "$image" sh -c 'echo $PATH2'
            with --read-only --secret file "$image" cat /run/secrets/file
            with --user 5:6 --secret file,mode=0400 "$image" cat /run/secrets/file
            for wrong in nope file,foo file,type=x file,type=env,uid=3 variable,type=env,type=env type=env ,type=env file,mode=9 file,uid=x file,bar=3; do
                with --secret "$wrong" "$image" true
            done
        } | neutral >"/tmp/given.$engine"
        $engine create --name s --network none --secret file,mode=0440 --secret variable,type=env "$image" sleep 100 >/dev/null
        $engine inspect s --format '{{json .Config.Secrets}} {{json .Mounts}} {{json .HostConfig.Binds}}' | neutral >>"/tmp/given.$engine"
        $engine start s >/dev/null
        $engine exec s sh -c 'echo "$variable"' >>"/tmp/given.$engine"
        $engine diff s | { grep -v /etc || true; } >>"/tmp/given.$engine"
        $engine rm -f -t 0 s >/dev/null
    done
    same /tmp/given.podman /tmp/given.podsharp
    podsharp secret rm file own deep variable >/dev/null
}

it_keeps_a_file_as_it_was_and_looks_a_variable_up() {
    printf first | podsharp secret create s - >/dev/null
    podsharp create --name keeps --network none --secret s --secret s,type=env,target=V "$image" sh -c 'cat /run/secrets/s; echo ".$V"'
    printf second | podsharp secret create --replace s - >/dev/null
    equal "$(podsharp start --attach keeps)" first.second
    podsharp secret rm s >/dev/null
    run podsharp start keeps
    exit_is 125
    complains 'no secret with name or id "s": no such secret'
    podsharp rm keeps
}

# The value is long and odd, so that it is found wherever it is.
it_shows_a_value_nowhere() {
    local value=Wq7-zebra-crossing-9kX log=/tmp/everything id
    printf %s "$value" | podsharp secret create shown - >/dev/null
    podsharp --log-level debug run -d --name holder --secret shown --secret shown,type=env,target=V "$image" sh -c 'test "$V" = "$(cat /run/secrets/shown)" && echo same && sleep 100' >$log 2>&1
    eventually 10 bash -c 'podsharp logs holder | grep -q same'
    id=$(podsharp inspect holder --format '{{.Id}}')
    {
        podsharp logs holder
        podsharp inspect holder
        podsharp inspect holder --format '{{json .}}'
        podsharp ps --all --format json --no-trunc
        podsharp events --stream=false --since 1h --format json
        podsharp secret inspect shown
        podsharp secret ls
        podsharp top holder
        podsharp exec holder true
        podsharp commit holder held
        podsharp inspect held
        podsharp history held --no-trunc
        podsharp info
        cat /proc/[0-9]*/cmdline | tr '\0' ' '
        podsharp container clone holder copy
        podsharp inspect copy
    } >>$log 2>&1
    ! grep -qF "$value" $log || fail 'it was shown'
    # Nor in a file, but where it belongs: podman's list, the container's copy, the run's config.json, which only root can read.
    podsharp save -o /tmp/held.tar held
    mkdir /tmp/held && tar -xf /tmp/held.tar -C /tmp/held
    ! grep -rqF "$value" /tmp/held || fail 'it is in the image'
    local found
    found=$({ grep -rlF "$value" /var/lib/containers /run/containers || true; } | sort)
    while read -r file; do
        case $file in
            */userdata/secrets/* | */userdata/config.json) [[ $(stat -c %a "${file%/*}") == 700 || $(stat -c %a "$file") == 600 ]] || fail "others can read $file" ;;
            *) fail "it is in $file" ;;
        esac
    done <<<"$found"
    [[ $found == *"$id"* ]] || fail 'the search finds nothing'
    podsharp rm -f -t 0 holder copy
    ! grep -rqF "$value" /var/lib/containers/storage/overlay-containers /run/containers || fail 'it outlives the container'
    podsharp secret rm shown
    podsharp rmi held
    ! grep -rqF "$value" /var/lib/containers /run/containers || fail 'it outlives the secret'
}

it_tells_no_value_in_errors() {
    local value=Wq7-zebra-crossing-9kX
    run bash -c "printf $value | podsharp secret create --driver shell --driver-opts list=true,lookup=true,delete=true,'store=cat >&2; cat; exit 3' loud -"
    exit_is 125
    one_sentence
    ! grep -qF $value <<<"$output$errors" || fail 'it was shown'
    equal "$(podsharp secret ls -q)" ''
    podsharp secret create broken /tmp/value >/dev/null
    local data=/var/lib/containers/storage/secrets/filedriver/secretsdata.json
    cp $data /tmp/data
    printf '{"a": "%s" oops' $value >$data
    run podsharp secret inspect --showsecret broken
    exit_is 125
    ! grep -qF $value <<<"$output$errors" || fail 'it was shown'
    cp /tmp/data $data
    podsharp secret rm broken >/dev/null
}

it_has_the_shell_driver_of_podman() {
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    mkdir -p /tmp/shell
    local options='list=ls /tmp/shell,lookup=cat /tmp/shell/$SECRET_ID,store=cat > /tmp/shell/$SECRET_ID,delete=rm /tmp/shell/$SECRET_ID' engine other
    for engine in podman podsharp; do
        [[ $engine == podman ]] && other=podsharp || other=podman
        $engine secret create --driver shell --driver-opts "$options" s /tmp/value >/dev/null
        equal "$(cat /tmp/shell/*)" hush
        equal "$($other secret inspect s --showsecret --format '{{.Spec.Driver.Name}} {{.SecretData}}')" 'shell hush'
        equal "$($other run --rm --network none --secret s "$image" cat /run/secrets/s)" hush
        $other secret rm s >/dev/null
        equal "$(ls /tmp/shell)" ''
    done
    run podsharp secret create --driver shell --driver-opts list=ls s /tmp/value
    exit_is 125
    complains 'missing config value'
    run podsharp secret create --driver file --driver-opts color=red s /tmp/value
    exit_is 125
    complains 'has no option "color"'
    run podsharp secret create --driver wonder s /tmp/value
    exit_is 125
    complains 'invalid driver'
}

it_has_the_pass_driver_of_podman() {
    has podman && has gpg && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5 and gpg'
    export GNUPGHOME=/tmp/gnupg
    mkdir -m 700 -p $GNUPGHOME /tmp/store
    gpg --batch --quiet --passphrase '' --quick-generate-key tester@example.org rsa2048 default never 2>/dev/null
    gpg --batch --quiet --passphrase '' --quick-add-key "$(gpg --list-keys --with-colons | awk -F: '$1 == "fpr" {print $10; exit}')" rsa2048 encr never 2>/dev/null
    local engine other
    for engine in podman podsharp; do
        [[ $engine == podman ]] && other=podsharp || other=podman
        $engine secret create --driver pass --driver-opts root=/tmp/store,key=tester@example.org,gpghomedir=$GNUPGHOME s /tmp/value >/dev/null
        ! grep -rq hush /tmp/store || fail 'it is not encrypted'
        equal "$(ls /tmp/store | wc -l)" 1
        equal "$($other secret inspect s --showsecret --format '{{.SecretData}}')" hush
        $other secret rm s >/dev/null
        equal "$(ls /tmp/store)" ''
    done
    # The store of the user, with its own key.
    mkdir -m 700 -p ~/.password-store
    echo tester@example.org >~/.password-store/.gpg-id
    podsharp secret create --driver pass s /tmp/value >/dev/null
    equal "$(ls ~/.password-store | wc -l)" 1
    equal "$(podman secret inspect s --showsecret --format '{{.SecretData}}')" hush
    podsharp secret rm s >/dev/null
    gpgconf --kill all
}

it_takes_the_driver_of_containers_conf() {
    mkdir -p /tmp/elsewhere
    printf '[secrets]\ndriver = "file"\n[secrets.opts]\npath = "/tmp/elsewhere"\n' >/tmp/containers.conf
    CONTAINERS_CONF_OVERRIDE=/tmp/containers.conf podsharp secret create away /tmp/value >/dev/null
    grep -q "$(printf hush | base64)" /tmp/elsewhere/secretsdata.json || fail 'it is not there'
    equal "$(podsharp secret inspect away --showsecret --format '{{.SecretData}} {{.Spec.Driver.Options}}')" 'hush map[path:/tmp/elsewhere]'
    podsharp secret rm away >/dev/null
}

it_logs_in_with_a_secret() {
    has docker-registry && has htpasswd || skip 'needs a registry'
    start_registry 5000 || skip 'needs a registry'
    printf hush | podsharp secret create user - >/dev/null
    run podsharp login --tls-verify=false --secret nothing localhost:5000
    complains 'no secret with name or id "nothing"'
    run podsharp login --tls-verify=false --secret user -u me -p other localhost:5000
    complains 'can not be used with --password'
    podsharp login --tls-verify=false --secret user -u me localhost:5000
    podsharp login --tls-verify=false --secret user localhost:5000
    equal "$(podsharp login --get-login localhost:5000)" user
    podsharp logout localhost:5000
    podsharp secret rm user >/dev/null
}

it_makes_many_at_once_with_podman() {
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    local i jobs=()
    for i in {1..12}; do
        if ((i % 2)); then printf "value $i" | podsharp secret create "s$i" - >/dev/null & else printf "value $i" | podman secret create "s$i" - >/dev/null & fi
        jobs+=($!)
    done
    for i in "${jobs[@]}"; do wait "$i"; done
    for i in {1..12}; do equal "$(podsharp secret inspect "s$i" --showsecret --format '{{.SecretData}}')" "value $i"; done
    podsharp secret rm --all >/dev/null
}

it_survives_a_kill_at_each_step() {
    local point data=/var/lib/containers/storage/secrets/filedriver/secretsdata.json
    for point in secret.create.noted secret.create.stored secret.create.listed; do
        PODSHARP_KILL_AT=$point podsharp secret create killed /tmp/value >/dev/null 2>&1 || true
        [[ -e /var/lib/containers/storage/podsharp/secrets.pending ]] || fail "$point was not reached"
        podsharp secret create --replace killed /tmp/value >/dev/null
        equal "$(podsharp secret inspect killed --showsecret --format '{{.SecretData}}')" hush
        # A value that no secret has would stay for ever.
        equal "$(jq length $data)" 1
        PODSHARP_KILL_AT=$point podsharp secret create --replace killed /tmp/value >/dev/null 2>&1 || true
        equal "$(podsharp secret inspect killed --showsecret --format '{{.SecretData}}')" hush
        podsharp secret rm killed >/dev/null
        equal "$(jq -c . $data)" '{}'
        [[ ! -e /var/lib/containers/storage/podsharp/secrets.pending ]] || fail 'the note is still there'
    done
    podsharp secret create killed /tmp/value >/dev/null
    PODSHARP_KILL_AT=secret.remove.value podsharp secret rm killed >/dev/null 2>&1 || true
    podsharp secret rm killed >/dev/null
    podsharp secret create used /tmp/value >/dev/null
    PODSHARP_KILL_AT=container.create.secrets podsharp create --name killed --secret used "$image" true >/dev/null 2>&1 || true
    podsharp rm --ignore killed
    equal "$(podsharp ps --all --quiet)" ''
    ! grep -rq hush /var/lib/containers/storage/overlay-containers || fail 'the copy is still there'
    podsharp secret rm used >/dev/null
}

it_leaves_nothing() {
    equal "$(podsharp secret ls -q)" ''
    nothing_left
}

run_suite "$@"
