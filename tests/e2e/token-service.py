# The authorisation service of the tests (distribution: "Token Authentication Specification"): gives user:pa:ss tokens for whatever is
# asked, signed with RS256 by openssl. The host's Python has sockets, but no web server.
# Usage: token-service.py PORT KEY CERTIFICATE LIFETIME
import base64, json, socket, subprocess, sys, threading, time, urllib.parse

port, key, certificate, lifetime = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
chain = [''.join(line for line in open(certificate).read().splitlines() if not line.startswith('-----'))]
known = 'Basic ' + base64.b64encode(b'user:pa:ss').decode()


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=')


def token(scopes):
    access = []
    for scope in ' '.join(scopes).split():
        kind, name, actions = scope.split(':')
        access.append({'type': kind, 'name': name, 'actions': actions.split(',')})
    now = int(time.time())
    header = {'typ': 'JWT', 'alg': 'RS256', 'x5c': chain}
    # The registry allows for clocks that differ by a minute.
    claims = {'iss': 'test', 'sub': 'user', 'aud': 'test', 'iat': now, 'nbf': now - 10, 'exp': now + lifetime - 60,
              'jti': str(time.time_ns()), 'access': access}
    body = text(json.dumps(header).encode()) + b'.' + text(json.dumps(claims).encode())
    signature = subprocess.run(['openssl', 'dgst', '-sha256', '-sign', key], input=body, stdout=subprocess.PIPE, check=True).stdout
    return (body + b'.' + text(signature)).decode()


def answer(client):
    with client:
        request = b''
        while b'\r\n\r\n' not in request:
            data = client.recv(65536)
            if not data:
                return
            request += data
        lines = request.decode().split('\r\n')
        headers = dict(line.lower().split(': ', 1)[:1] + line.split(': ', 1)[1:] for line in lines[1:] if ': ' in line)
        query = urllib.parse.parse_qs(urllib.parse.urlparse(lines[0].split()[1]).query)
        print(lines[0], 'with' if 'authorization' in headers else 'without', 'credentials', flush=True)
        allowed = headers.get('authorization') == known
        body = json.dumps({'token': token(query.get('scope', [])), 'expires_in': 300} if allowed else
                          {'errors': [{'code': 'UNAUTHORIZED', 'message': 'authentication required'}]}).encode()
        status = '200 OK' if allowed else '401 Unauthorized'
        client.sendall(f'HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n'.encode() + body)


with socket.create_server(('127.0.0.1', port)) as server:
    while True:
        threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()
