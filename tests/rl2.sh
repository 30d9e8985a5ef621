podman import -q /usr/share/podsharp-test/busybox.tar localhost/busybox:test
podman run --rm --network none localhost/busybox:test busybox --list | tr '\n' ' '
podman run --rm --network none -v /usr:/usr:ro -v /usr/lib:/lib:ro -v /usr/lib64:/lib64:ro -v /tests:/tests:ro localhost/busybox:test python3 -c 'print("py")'
cat /proc/sys/net/ipv4/ip_unprivileged_port_start
podman run --rm --ip 10.88.0.77 localhost/busybox:test ip -4 addr
podman run --rm --network private localhost/busybox:test ip -4 addr
podman network create --subnet 10.99.0.0/24 nn; podman run -d --name q --network nn -p 80:80 localhost/busybox:test true; podman run -d --name q2 --network nn -p 8080:80/sctp localhost/busybox:test true
