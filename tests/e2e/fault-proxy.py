# A proxy before a registry that does harm as a file says. Usage: fault-proxy.py PORT UPSTREAM-PORT RULES LOG
# Each line of RULES is one rule, used up by the requests that it fits: METHOD PATH-PART COUNT ACTION [ARGUMENT]
#   cut BYTES         breaks both connections after so many bytes of the request's body
#   cut-answer BYTES  breaks the connection after so many bytes of the answer
#   stall             takes the request and says nothing any more
#   answer TEXT       answers TEXT, with \r and \n written like this, in place of the registry
# LOG gets a line for each request: method, path, whether there were credentials, what was done.
# It may be used as a web proxy, too: whatever host is asked for, it is the upstream that answers.
import select, socket, sys, threading, time

port, upstream, rules_file, log_file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
lock = threading.Lock()


def take_rule(method, path):
    with lock:
        try:
            rules = [line.split(' ', 4) for line in open(rules_file).read().splitlines() if line]
        except FileNotFoundError:
            return None
        for rule in rules:
            if rule[0] == method and rule[1] in path and int(rule[2]) > 0:
                rule[2] = str(int(rule[2]) - 1)
                with open(rules_file, 'w') as file:
                    file.write(''.join(' '.join(line) + '\n' for line in rules))
                return rule[3], rule[4] if len(rule) > 4 else ''
    return None


def log(text):
    with lock, open(log_file, 'a') as file:
        file.write(text + '\n')


def read_head(client):
    data = b''
    while b'\r\n\r\n' not in data:
        more = client.recv(65536)
        if not more:
            return None, b''
        data += more
        if data[0] == 0x16:
            return None, b''  # The beginning of TLS, which is not spoken here.
    head, rest = data.split(b'\r\n\r\n', 1)
    return head.decode('latin-1').split('\r\n'), rest


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\x01\x00\x00\x00\x00\x00\x00\x00')
    connection.close()


def pump(client, server, body, limits):
    sent, answered = len(body), 0
    server.sendall(body)
    while True:
        for ready in select.select([client, server], [], [])[0]:
            data = ready.recv(65536)
            if ready is server:
                if not data:
                    return
                answered += len(data)
                client.sendall(data)
            elif data:
                sent += len(data)
                server.sendall(data)
            else:
                return
        if sent > limits[0] or answered > limits[1]:
            reset(client)
            reset(server)
            return


def serve(client):
    with client:
        lines, body = read_head(client)
        if lines is None:
            return
        method, path, _ = lines[0].split(' ', 2)
        action, argument = take_rule(method, path) or ('', '')
        who = 'with' if any(line.lower().startswith(('authorization:', 'proxy-authorization:')) for line in lines) else 'without'
        log(f'{method} {path} {who} credentials {action}'.rstrip())
        if action == 'answer':
            client.sendall(argument.replace('\\r', '\r').replace('\\n', '\n').encode())
            return
        if action == 'stall':
            time.sleep(3600)
        limits = (int(argument) if action == 'cut' else 1 << 60, int(argument) if action == 'cut-answer' else 1 << 60)
        if method == 'CONNECT':
            client.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
            with socket.create_connection(('127.0.0.1', upstream)) as server:
                pump(client, server, body, limits)
            return
        # One request a connection: the registry closes it after its answer.
        head = [line for line in lines if not line.lower().startswith('connection:')] + ['Connection: close']
        with socket.create_connection(('127.0.0.1', upstream)) as server:
            server.sendall('\r\n'.join(head).encode('latin-1') + b'\r\n\r\n')
            pump(client, server, body, limits)


def guard(client):
    try:
        serve(client)
    except OSError:
        pass


with socket.create_server(('127.0.0.1', port), backlog=64) as listener:
    while True:
        threading.Thread(target=guard, args=(listener.accept()[0],), daemon=True).start()
