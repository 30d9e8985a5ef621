#!/usr/bin/env python3
"""Talks with echo-server.py: echo-client.py tcp|udp HOST PORT COUNT SIZE. COUNT connections are open at once; each sends SIZE bytes, ends its direction, and reads the
answer. By UDP COUNT senders send COUNT datagrams and wait for each."""
import os
import socket
import sys

kind, host, port, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
family = socket.AF_INET6 if ":" in host else socket.AF_INET
data = os.urandom(size)
if kind == "tcp":
    open_ones = [socket.create_connection((host, port), timeout=30) for _ in range(count)]
    for each in open_ones:
        each.sendall(data)
    for each in open_ones:
        each.shutdown(socket.SHUT_WR)
    for each in open_ones:
        answer = b""
        while piece := each.recv(1 << 16):
            answer += piece
        assert answer == b"%d " % size + data, f"{len(answer)} bytes came back"
else:
    senders = []
    for _ in range(count):
        each = socket.socket(family, socket.SOCK_DGRAM)
        each.settimeout(10)
        each.connect((host, port))
        senders.append(each)
    for number in range(count):
        for each in senders:
            each.send(b"%d" % number + data)
        for each in senders:
            assert each.recv(1 << 16) == b"%d" % number + data
