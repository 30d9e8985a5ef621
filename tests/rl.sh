. /tests/e2e/lib.sh
. /tests/e2e/keeper.sh
set +eu
start_keeper
import_image >/dev/null
podman import -q "$image_tar" "$image"
podsharp network create --subnet 10.170.0.0/24 a
page() { curl -sf --max-time 2 "$@"; }
cat > /tmp/f.sh <<'F'
ip -o address show dev eth0 scope global; ip route; ip -6 route | grep default; cat /etc/hosts /etc/resolv.conf
F
for e in podman podsharp; do $e run --rm --name same --hostname host --network a "$image" sh -c "$(</tmp/f.sh)"; done
mkdir -p /tmp/page; echo hi >/tmp/page/index.html

sleep 1
page http://192.0.2.2:18085/
podsharp run -d --name web --network a -p 18080:80 $image sh -c 'echo hi>/tmp/index.html; exec httpd -f -p 80 -h /tmp'
podsharp update --publish 18080:80 --publish 18081:80 web
page http://127.0.0.1:18080/
page http://127.0.0.1:18081/
podsharp rm -f -t 0 web
podsharp ps -a; podsharp rm -f -t 0 web
ps -ef | grep -v grep | grep -E "pasta|aard|forward"
find /run/user/1000/containers/podsharp/rootless-netns
podsharp run -d --name w2 --network a -p 18080:80 -p 127.0.0.1:18081-18082:80-81 -p '[::1]:18083:80' -p 80 $image sleep 100
podsharp run -d --name echo -v /usr:/usr:ro -v /usr/lib:/lib:ro -v /usr/lib64:/lib64:ro -v /tests:/tests:ro --network a -p 17000:7000 -p 17000:7000/udp $image python3 /tests/e2e/echo-server.py 7000
sleep 1
podsharp logs echo
python3 /tests/e2e/echo-client.py tcp 127.0.0.1 17000 1 10
