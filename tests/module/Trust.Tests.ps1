# Signatures and the trust policy through the cmdlets, on docker-registry, with keys of cosign and gpg; encrypted layers.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    $script:Folder = '/tmp/module-trust'
    New-Item -ItemType Directory -Force $Folder, "$Folder/registries.d" | Out-Null
    Set-Content "$Folder/config.yml" "version: 0.1`nlog: {level: error}`nstorage: {filesystem: {rootdirectory: $Folder/data}}`nhttp: {addr: '127.0.0.1:5013'}"
    $script:Server = Start-Process docker-registry -ArgumentList 'serve', "$Folder/config.yml" -PassThru -RedirectStandardError "$Folder/log" -RedirectStandardOutput "$Folder/out"
    foreach ($attempt in 1..100) {
        try { Invoke-WebRequest http://127.0.0.1:5013/v2/ -SkipHttpErrorCheck | Out-Null; break } catch { Start-Sleep -Milliseconds 100 }
    }
    $script:Registry = '127.0.0.1:5013'
    New-Item -ItemType Directory -Force /etc/containers/registries.d | Out-Null
    Set-Content /etc/containers/registries.d/module.yaml "docker:`n  ${Registry}:`n    use-sigstore-attachments: true`n    lookaside: file://$Folder/lookaside"
    $env:COSIGN_PASSWORD = 'secret'
    Push-Location $Folder
    cosign generate-key-pair --output-key-prefix ours 2>$null
    Pop-Location
    Remove-Item Env:COSIGN_PASSWORD
    $script:Passphrase = ConvertTo-SecureString 'secret' -AsPlainText -Force
    $script:Policy = "$Folder/policy.json"
}

AfterAll {
    if ($Server) { $Server | Stop-Process }
    Remove-Item -Force /etc/containers/registries.d/module.yaml
    Remove-Item -Recurse -Force $Folder
}

Describe 'The trust policy' {
    BeforeEach { Set-Content $Policy '{"default":[{"type":"insecureAcceptAnything"}]}' }

    It 'is shown as objects' {
        $entries = @(Get-ContainerTrustPolicy -PolicyFile $Policy)
        $entries | Should -HaveCount 1
        $entries[0] | Should -BeOfType Podsharp.Model.TrustPolicyEntry
        $entries[0].Type | Should -Be Accept
        (Get-ContainerTrustPolicy -PolicyFile $Policy -Raw | ConvertFrom-Json).default.type | Should -Be 'insecureAcceptAnything'
    }

    It 'is changed scope by scope' {
        Set-ContainerTrustPolicy default Reject -PolicyFile $Policy | Should -BeNullOrEmpty
        $set = Set-ContainerTrustPolicy "$Registry/signed" SigstoreSigned -KeyFile "$Folder/ours.pub" -PolicyFile $Policy -PassThru
        $set.Type | Should -Be SigstoreSigned
        $set.KeyFiles | Should -Be "$Folder/ours.pub"
        (Get-ContainerTrustPolicy default -PolicyFile $Policy).Type | Should -Be Reject
        (Get-ContainerTrustPolicy "$Registry/*" -PolicyFile $Policy).Scope | Should -Be "$Registry/signed"
        podman image trust show --policypath $Policy | Out-String | Should -Match "repository *$Registry/signed *sigstoreSigned"
    }

    It 'stays with -WhatIf, and with what can''t be' {
        Set-ContainerTrustPolicy default Reject -PolicyFile $Policy -WhatIf
        Set-ContainerTrustPolicy example.org SignedBy -PolicyFile $Policy -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].Exception.Message | Should -Match 'at least one public key'
        Set-ContainerTrustPolicy example.org SignedBy -KeyFile /nowhere -PolicyFile $Policy -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].Exception.Message | Should -Match 'there is no key file /nowhere'
        @(Get-ContainerTrustPolicy -PolicyFile $Policy) | Should -HaveCount 1
    }
}

Describe 'Signatures' {
    BeforeAll {
        Set-Content $Policy '{"default":[{"type":"reject"}]}'
        Set-ContainerTrustPolicy "$Registry/signed" SigstoreSigned -KeyFile "$Folder/ours.pub" -PolicyFile $Policy
        Submit-ContainerImage $Image "$Registry/signed/app:1" -SkipCertificateCheck | Out-Null
    }

    It 'are made and tested' {
        $before = Test-ContainerImageSignature "$Registry/signed/app:1" -SkipCertificateCheck -SignaturePolicy $Policy
        $before | Should -BeOfType Podsharp.Model.ImageVerification
        $before.IsAccepted | Should -BeFalse
        $before.Reason | Should -Match 'asks for a sigstore signature, and the image has none'
        Request-ContainerImage "$Registry/signed/app:1" -SkipCertificateCheck -SignaturePolicy $Policy -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'PolicyRejected,*'
        Set-ContainerImageSignature "$Registry/signed/app:1" -SkipCertificateCheck -SigstoreKey "$Folder/ours.key" -Passphrase $Passphrase -WhatIf
        Test-ContainerImageSignature "$Registry/signed/app:1" -SkipCertificateCheck -SignaturePolicy $Policy -Quiet | Should -BeFalse
        $signed = Set-ContainerImageSignature "$Registry/signed/app:1" -SkipCertificateCheck -SigstoreKey "$Folder/ours.key" -Passphrase $Passphrase
        $signed.Digest | Should -Be $before.Digest
        (Test-ContainerImageSignature "$Registry/signed/app:1" -SkipCertificateCheck -SignaturePolicy $Policy).Signatures | Should -Be 1
        "$Registry/signed/app:1" | Test-ContainerImageSignature -SkipCertificateCheck -SignaturePolicy $Policy -Quiet | Should -BeTrue
        (Request-ContainerImage "$Registry/signed/app:1" -SkipCertificateCheck -SignaturePolicy $Policy).Names | Should -Contain "$Registry/signed/app:1"
    }

    It 'are made with the push' {
        $pushed = Submit-ContainerImage $Image "$Registry/signed/pushed:1" -SkipCertificateCheck -RemoveSignature -SigstoreKey "$Folder/ours.key" -Passphrase $Passphrase
        $pushed.Destination | Should -Be "$Registry/signed/pushed:1"
        $pushed | Test-ContainerImageSignature -SkipCertificateCheck -SignaturePolicy $Policy -Quiet | Should -BeTrue
        podman pull -q --tls-verify=false --signature-policy $Policy "$Registry/signed/pushed:1" | Should -Not -BeNullOrEmpty
        podman rmi "$Registry/signed/pushed:1" "$Registry/signed/app:1" | Out-Null
    }

    It 'fail with a wrong passphrase, without showing it' {
        $wrong = ConvertTo-SecureString 'not-the-passphrase' -AsPlainText -Force
        Submit-ContainerImage $Image "$Registry/signed/other:1" -SkipCertificateCheck -RemoveSignature -SigstoreKey "$Folder/ours.key" -Passphrase $wrong -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'SigningKeyUnusable,*'
        ($problem[0] | Format-List * -Force | Out-String) | Should -Not -Match 'not-the-passphrase'
    }
}

Describe 'Encrypted layers' {
    BeforeAll {
        openssl genrsa -out "$Folder/layers.pem" 2048 2>$null
        openssl rsa -in "$Folder/layers.pem" -pubout -out "$Folder/layers.pub" 2>$null
        openssl pkcs8 -topk8 -in "$Folder/layers.pem" -passout pass:secret -out "$Folder/locked.pem" 2>$null
        $script:Encrypted = "$Registry/encrypted/app:1"
    }

    It 'are sent for the owner of a key, who alone fetches them' {
        (Submit-ContainerImage $Image $Encrypted -RemoveSignature -EncryptionKey "jwe:$Folder/layers.pub" -SkipCertificateCheck).Destination | Should -Be $Encrypted
        Request-ContainerImage $Encrypted -SkipCertificateCheck -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'LayerEncrypted,*'
        (Request-ContainerImage $Encrypted -SkipCertificateCheck -DecryptionKey "$Folder/locked.pem" -DecryptionPassphrase $Passphrase).Names | Should -Contain $Encrypted
        podman rmi $Encrypted | Out-Null
        $container = New-Container $Encrypted true -SkipCertificateCheck -DecryptionKey "$Folder/layers.pem"
        $container.Image | Should -Be $Encrypted
        $container | Remove-Container
        podman rmi $Encrypted | Out-Null
    }

    It 'are opened and closed by copies' {
        Copy-ContainerImage "docker://$Encrypted" "docker://$Registry/encrypted/open:1" -SkipCertificateCheck -DecryptionKey "$Folder/locked.pem:secret" | Out-Null
        Copy-ContainerImage "docker://$Registry/encrypted/open:1" "docker://$Registry/encrypted/closed:1" -SkipCertificateCheck -EncryptionKey "jwe:$Folder/layers.pub" -EncryptLayer -1 | Out-Null
        $types = foreach ($name in 'open', 'closed') { (skopeo inspect --raw --tls-verify=false "docker://$Registry/encrypted/${name}:1" | ConvertFrom-Json).layers[-1].mediaType }
        $types[0] | Should -BeLike '*tar+gzip'
        $types[1] | Should -BeLike '*tar+gzip+encrypted'
    }

    It 'fail with what can''t be, without showing passphrases' {
        Submit-ContainerImage $Image $Encrypted -RemoveSignature -EncryptionKey "jwe:$Folder/layers.pub" -EncryptLayer 7 -SkipCertificateCheck -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].Exception.Message | Should -Match 'there is no layer 7'
        Request-ContainerImage $Encrypted -SkipCertificateCheck -DecryptionKey "$Folder/locked.pem:not-the-passphrase" -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'EncryptionKeyUnusable,*'
        ($problem[0] | Format-List * -Force | Out-String) | Should -Not -Match 'not-the-passphrase'
    }
}
