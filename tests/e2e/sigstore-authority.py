#!/usr/bin/env python3
"""Signs an image as a person does who got a certificate for a few minutes from an authority (Fulcio), and whose signature a log (Rekor) has
recorded; attaches the signature at the registry. Both are keys in a directory: openssl makes all of it.

    sigstore-authority.py DIRECTORY REGISTRY REPOSITORY DIGEST [late|own]

late: the log takes the signature in when the certificate has expired. own: a certificate that is valid now, and no log.
"""
import base64, datetime, hashlib, json, os, subprocess, sys

directory, registry, repository, digest = sys.argv[1:5]
kind = sys.argv[5] if len(sys.argv) > 5 else ''
ISSUED = datetime.datetime(2024, 3, 1, tzinfo=datetime.timezone.utc)


def openssl(*arguments, data=None):
    return subprocess.run(['openssl', *arguments], input=data, check=True, capture_output=True, cwd=directory).stdout


def key(name):
    if not os.path.exists(f'{directory}/{name}.pem'):
        openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', f'{name}.pem')
        openssl('ec', '-in', f'{name}.pem', '-pubout', '-out', f'{name}.pub')


def authority(name):
    key(name)
    if not os.path.exists(f'{directory}/{name}.crt'):
        openssl('req', '-x509', '-new', '-key', f'{name}.pem', '-subj', f'/CN={name}', '-out', f'{name}.crt', '-not_before', '20200101000000Z', '-not_after',
                '20990101000000Z', '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign')


def certificate():
    key('signer')
    start, end = ('20200101000000Z', '20990101000000Z') if kind == 'own' else (ISSUED.strftime('%Y%m%d%H%M%SZ'), (ISSUED + datetime.timedelta(minutes=10)).strftime('%Y%m%d%H%M%SZ'))
    with open(f'{directory}/signer.conf', 'w') as file:
        file.write('[e]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\nsubjectAltName=critical,email:carol@example.org,DNS:build.example.org\n'
                   '1.3.6.1.4.1.57264.1.8=ASN1:UTF8String:https://issuer.example.org\n')
    openssl('req', '-new', '-key', 'signer.pem', '-subj', '/', '-out', 'signer.csr')
    openssl('x509', '-req', '-in', 'signer.csr', '-CA', 'root.crt', '-CAkey', 'root.pem', '-extfile', 'signer.conf', '-extensions', 'e', '-out', 'signer.crt',
            '-not_before', start, '-not_after', end)
    return open(f'{directory}/signer.crt').read()


def sign(name, data):
    with open(f'{directory}/data', 'wb') as file:
        file.write(data)
    return base64.b64encode(openssl('dgst', '-sha256', '-sign', f'{name}.pem', 'data')).decode()


def receipt(payload, signature, signer):
    body = {'apiVersion': '0.0.1', 'kind': 'hashedrekord', 'spec': {
        'data': {'hash': {'algorithm': 'sha256', 'value': hashlib.sha256(payload).hexdigest()}},
        'signature': {'content': signature, 'publicKey': {'content': base64.b64encode(signer.encode()).decode()}}}}
    time = ISSUED + datetime.timedelta(minutes=20 if kind == 'late' else 5)
    entry = {'body': base64.b64encode(json.dumps(body).encode()).decode(), 'integratedTime': int(time.timestamp()), 'logID': '0f' * 32, 'logIndex': 7}
    return json.dumps({'SignedEntryTimestamp': sign('log', json.dumps(entry, sort_keys=True, separators=(',', ':')).encode()), 'Payload': entry})


def send(method, address, data, kind):
    """The answer's Location."""
    headers = subprocess.run(['curl', '-sSf', '-D', '-', '-o', '/dev/null', '-X', method, '-H', f'Content-Type: {kind}', '--data-binary', '@-', address],
                             input=data, check=True, capture_output=True).stdout.decode()
    return next((line.split(': ', 1)[1].strip() for line in headers.splitlines() if line.lower().startswith('location:')), '')


def upload(data):
    name = 'sha256:' + hashlib.sha256(data).hexdigest()
    location = send('POST', f'http://{registry}/v2/{repository}/blobs/uploads/', b'', 'application/octet-stream')
    send('PUT', f'{location}&digest={name}', data, 'application/octet-stream')
    return {'digest': name, 'size': len(data)}


def attach(payload, annotations):
    config = json.dumps({'architecture': '', 'os': '', 'config': {}, 'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(payload).hexdigest()]}}).encode()
    manifest = {'schemaVersion': 2, 'mediaType': 'application/vnd.oci.image.manifest.v1+json',
                'config': {'mediaType': 'application/vnd.oci.image.config.v1+json', **upload(config)},
                'layers': [{'mediaType': 'application/vnd.dev.cosign.simplesigning.v1+json', **upload(payload), 'annotations': annotations}]}
    send('PUT', f'http://{registry}/v2/{repository}/manifests/{digest.replace(":", "-")}.sig', json.dumps(manifest).encode(), manifest['mediaType'])


authority('root')
authority('other')
key('log')
signer = certificate()
payload = json.dumps({'critical': {'identity': {'docker-reference': f'{registry}/{repository}:1'}, 'image': {'docker-manifest-digest': digest},
                                   'type': 'cosign container image signature'}, 'optional': None}).encode()
signature = sign('signer', payload)
annotations = {'dev.cosignproject.cosign/signature': signature, 'dev.sigstore.cosign/certificate': signer, 'dev.sigstore.cosign/chain': open(f'{directory}/root.crt').read()}
if kind != 'own':
    annotations['dev.sigstore.cosign/bundle'] = receipt(payload, signature, signer)
attach(payload, annotations)
