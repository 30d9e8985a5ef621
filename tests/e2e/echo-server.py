#!/usr/bin/env python3
"""Sends back what it gets, by TCP and UDP, on a port of all addresses. By TCP it answers once the sender has ended: with the number of bytes and all of them."""
import socket
import sys
import threading


def stream(connection):
    data = bytearray()
    while piece := connection.recv(1 << 16):
        data += piece
    connection.sendall(b"%d " % len(data) + data)
    connection.close()


def datagrams(sock):
    while True:
        data, sender = sock.recvfrom(1 << 16)
        sock.sendto(data, sender)


port = int(sys.argv[1])
datagram = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
datagram.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
datagram.bind(("::", port))
threading.Thread(target=datagrams, args=(datagram,), daemon=True).start()
listener = socket.create_server(("::", port), family=socket.AF_INET6, backlog=500, dualstack_ipv6=True)
while True:
    threading.Thread(target=stream, args=(listener.accept()[0],), daemon=True).start()
