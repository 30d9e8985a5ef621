# What runs in the containers of checkpoint.sh: counts, a number a line, through one kind of thing that a checkpoint has to carry. A line that isn't
# the number after the one before tells that something was lost.
import os, signal, socket, sys, threading, time

PAUSE = 0.05
count = 0


def tell(number):
    print(number, flush=True)


def threads():
    condition = threading.Condition()
    state = {"asked": 0, "answered": 0}

    def answer():
        while True:
            with condition:
                condition.wait_for(lambda: state["asked"] > state["answered"])
                state["answered"] += 1
                condition.notify_all()

    for _ in range(3):
        threading.Thread(target=answer, daemon=True).start()
    while True:
        with condition:
            state["asked"] += 1
            condition.notify_all()
            condition.wait_for(lambda: state["asked"] == state["answered"])
            tell(state["answered"])
        time.sleep(PAUSE)


def echo(read, write):
    if os.fork() == 0:
        while True:
            write(str(int(read()) + 1).encode())
    return None


def pipes():
    down, up = os.pipe(), os.pipe()
    echo(lambda: os.read(down[0], 100), lambda data: os.write(up[1], data))
    converse(lambda data: os.write(down[1], data), lambda: os.read(up[0], 100))


def unix():
    talk(socket.AF_UNIX, "/tmp/socket")


def tcp():
    talk(socket.AF_INET, ("127.0.0.1", 7777))


def talk(family, address):
    server = socket.socket(family)
    server.bind(address)
    server.listen()
    client = socket.socket(family)
    client.connect(address)
    other = server.accept()[0]
    echo(lambda: other.recv(100), other.send)
    converse(client.send, lambda: client.recv(100))


def converse(send, receive):
    number = 0
    while True:
        send(str(number).encode())
        number = int(receive())
        tell(number)
        time.sleep(PAUSE)


def deleted():
    with open("/tmp/gone", "w+b", buffering=0) as file:
        os.unlink("/tmp/gone")
        file.write(b"0")
        while True:
            file.seek(0)
            number = int(file.read()) + 1
            file.seek(0)
            file.write(str(number).encode())
            tell(number)
            time.sleep(PAUSE)


def timers():
    def ring(*_):
        global count
        count += 1
        tell(count)

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, PAUSE, PAUSE)
    while True:
        signal.pause()


globals()[sys.argv[1]]()
