# A registry that lies. Usage: hostile-registry.py PORT STRANGER LOG
# Each repository is one lie; STRANGER (host:port) is where blobs of "led" are said to be. LOG gets a line for each request: path, with or without credentials.
# The host's Python has sockets and zlib, but neither a web server nor tar.
import hashlib, json, socket, sys, threading, zlib

port, stranger, log_file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
lock = threading.Lock()
OCI = 'application/vnd.oci.image.'
MANIFEST, INDEX, CONFIG, LAYER = OCI + 'manifest.v1+json', OCI + 'index.v1+json', OCI + 'config.v1+json', OCI + 'layer.v1.tar+gzip'
EMPTY = 'application/vnd.oci.empty.v1+json'
contents = {}  # (repository, 'manifests' or 'blobs', tag or digest) -> bytes


def digest(data):
    return 'sha256:' + hashlib.sha256(data).hexdigest()


def entry(name, kind, size, link=''):
    """A header of a tar (POSIX ustar)."""
    head = bytearray(512)
    for at, field in ((0, name), (100, '0000755'), (108, '0000000'), (116, '0000000'), (124, f'{size:011o}'), (136, '00000000000'), (148, ' ' * 8), (156, kind),
                      (157, link), (257, 'ustar'), (263, '00')):
        head[at:at + len(field)] = field.encode()
    head[148:155] = f'{sum(head):06o}\0'.encode()
    return bytes(head)


FILE, HARDLINK, SYMLINK = '0', '1', '2'


def tar(*entries):
    data = b''
    for name, kind, content in entries:
        data += entry(name, kind, 0, content) if kind in (HARDLINK, SYMLINK) else entry(name, kind, len(content)) + content + bytes(-len(content) % 512)
    return data + bytes(1024)


def pack(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def put(repository, kind, data, key=None):
    contents[repository, kind, key or digest(data)] = data
    return digest(data)


def descriptor(kind, data, **more):
    return {'mediaType': kind, 'digest': digest(data), 'size': len(data), **more}


def image(repository, content=None, tag='1', diff_id=None, layer=None, blob=None, said=None):
    """An image of one layer. content: its tar; diff_id: what the configuration promises; layer: the blob that the manifest names; blob: what is sent instead."""
    content = content or tar(('file', FILE, repository.encode()))
    layer = layer or pack(content)
    config = json.dumps({'architecture': 'amd64', 'os': 'linux', 'config': {}, 'rootfs': {'type': 'layers', 'diff_ids': [diff_id or digest(content)]}}).encode()
    manifest = {'schemaVersion': 2, 'mediaType': MANIFEST, 'config': descriptor(CONFIG, config), 'layers': [descriptor(LAYER, layer, **(said or {}))]}
    put(repository, 'blobs', config)
    put(repository, 'blobs', layer if blob is None else blob, digest(layer))
    data = json.dumps(manifest).encode()
    put(repository, 'manifests', data, tag)
    put(repository, 'manifests', data)
    return data


def bomb(size):
    """A layer of zeros, compressed piece by piece."""
    packer, piece = zlib.compressobj(6, zlib.DEFLATED, 31), bytes(1 << 20)
    return b''.join([packer.compress(entry('zeros', FILE, size))] + [packer.compress(piece) for _ in range(size >> 20)] + [packer.compress(bytes(1024)), packer.flush()])


def artifact(repository, content=b'content', blob=None, said=None):
    manifest = {'schemaVersion': 2, 'mediaType': MANIFEST, 'artifactType': 'application/x.y', 'config': descriptor(EMPTY, b'{}'),
                'layers': [descriptor('text/plain', content, annotations={'org.opencontainers.image.title': 'file'}, **(said or {}))]}
    put(repository, 'blobs', b'{}')
    put(repository, 'blobs', content if blob is None else blob, digest(content))
    put(repository, 'manifests', json.dumps(manifest).encode(), '1')


image('good')
image('digest', blob=pack(tar(('file', FILE, b'jinxed'))))
honest = pack(tar(('file', FILE, b'same length')))
image('twisted', layer=honest, content=tar(('file', FILE, b'same length')), blob=honest[:-1] + bytes([honest[-1] ^ 1]))
image('longer', said={'size': 20})
image('shorter', said={'size': 100000})
image('diffid', diff_id='sha256:' + '0' * 64)
if stranger != f'127.0.0.1:{port}':  # The stranger needs none.
    image('bomb', layer=bomb(1 << 28))
image('parents', content=tar(('../../outside-parents', FILE, b'x')))
image('absolute', content=tar(('/outside-absolute', FILE, b'x')))
image('symlink', content=tar(('way', SYMLINK, '/tmp/hostile-outside'), ('way/outside-symlink', FILE, b'x')))
image('hardlink', content=tar(('own', HARDLINK, '../../../../../../etc/passwd')))
image('led')
big = image('big')
put('big', 'manifests', big[:-1] + b', "annotations": {"a": "' + b'x' * 10_000_000 + b'"}}', '1')
# An index can't hold its own digest: so the registry gives it for any digest, and one that leads on for ever.
own = json.dumps({'schemaVersion': 2, 'mediaType': INDEX, 'manifests': [{'mediaType': INDEX, 'digest': 'sha256:' + '1' * 64, 'size': 300, 'platform': {'os': 'linux', 'architecture': 'amd64'}}]}).encode()
put('self', 'manifests', own, '1')
put('self', 'manifests', own, 'sha256:' + '1' * 64)
inner = image('deep', tag='inner')
for _ in range(12):
    inner_type = json.loads(inner)['mediaType']
    inner = json.dumps({'schemaVersion': 2, 'mediaType': INDEX, 'manifests': [descriptor(inner_type, inner, platform={'os': 'linux', 'architecture': 'amd64'})]}).encode()
    put('deep', 'manifests', inner)
put('deep', 'manifests', inner, '1')
artifact('artifact/good')
artifact('artifact/digest', blob=b'jinxed!')
artifact('artifact/longer', said={'size': 3})
artifact('artifact/shorter', said={'size': 300})
artifact('artifact/led')


def answer(client, method, status, data, kind, *headers):
    lines = [f'HTTP/1.1 {status} Whatever', f'Content-Type: {kind}', f'Content-Length: {len(data)}', 'Connection: close', *headers]
    client.sendall('\r\n'.join(lines).encode() + b'\r\n\r\n' + (data if method == 'GET' else b''))


def serve(client):
    head = b''
    while b'\r\n\r\n' not in head:
        more = client.recv(65536)
        if not more or more[0] == 0x16:  # The beginning of TLS, which is not spoken here.
            return
        head += more
    lines = head.decode('latin-1').split('\r\n')
    method, path, _ = lines[0].split(' ', 2)
    known = any(line.lower().startswith('authorization:') for line in lines)
    with lock, open(log_file, 'a') as file:
        file.write(f"{path} {'with' if known else 'without'} credentials\n")
    if path == '/v2/':
        # Whoever has credentials is asked for them.
        return answer(client, method, 200, b'{}', 'application/json') if known else answer(client, method, 401, b'{}', 'application/json', 'WWW-Authenticate: Basic realm="test"')
    kind = 'manifests' if '/manifests/' in path else 'blobs'
    repository, _, rest = path[4:].rpartition(f'/{kind}/')
    if kind == 'blobs' and repository.endswith('led'):
        return answer(client, method, 307, b'', 'text/plain', f'Location: http://{stranger}/v2/{repository[:-3]}good-of-stranger/blobs/{rest}')
    data = contents.get((repository.replace('good-of-stranger', 'led'), kind, rest))
    if data is None:
        return answer(client, method, 404, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}', 'application/json')
    answer(client, method, 200, data, json.loads(data)['mediaType'] if kind == 'manifests' else 'application/octet-stream')


def guard(client):
    with client:
        try:
            serve(client)
        except OSError:
            pass


with socket.create_server(('127.0.0.1', port), backlog=64) as listener:
    while True:
        threading.Thread(target=guard, args=(listener.accept()[0],), daemon=True).start()
