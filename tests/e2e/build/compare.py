#!/usr/bin/env python3
"""compare.py CASE...: compares localhost/built:CASE-podman with localhost/built:CASE-podsharp, in configuration, history and files.

Files are read from the layers' own directories, each layer by itself and all of them together: one process for any number of images.
"""
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile

ROOT = '/var/lib/containers/storage'
# What runtimes mount on, and the directories that hold nothing else.
STUBS = {'etc/hosts', 'etc/hostname', 'etc/resolv.conf', 'run/.containerenv', 'etc/mtab'}
# Files of the tests are older than this; the time of what a build makes is its own.
OLD = 1_500_000_000
# Directories that are made on the way to what is copied have a time of their own under podman.
OWN_TIMES = {'copy-parents', 'copy-whole-layer', 'ignore-rules'}


def inspect(names):
    done = subprocess.run(['podman', 'image', 'inspect', *names], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return dict(zip(names, json.loads(done.stdout)))


def layers():
    with open(f'{ROOT}/overlay-layers/layers.json', encoding='utf-8') as file:
        return {layer['id']: layer.get('parent', '') for layer in json.load(file)}


def top_layers():
    with open(f'{ROOT}/overlay-images/images.json', encoding='utf-8') as file:
        return {image['id']: image.get('layer', '') for image in json.load(file)}


def chain(layer, parents):
    found = []
    while layer:
        found.insert(0, layer)
        layer = parents[layer]
    return found


def attributes(path):
    return {name: os.getxattr(path, name, follow_symlinks=False).hex() for name in os.listxattr(path, follow_symlinks=False)
            if not name.startswith(('trusted.overlay.', 'user.overlay.', 'security.selinux'))}


def entry(path, seen, case):
    """What a file is, in one line; None for a whiteout."""
    status = os.lstat(path)
    kind = stat.S_IFMT(status.st_mode)
    if kind == stat.S_IFCHR and status.st_rdev == 0:
        return None
    text = f'{stat.filemode(status.st_mode)} {status.st_uid}:{status.st_gid}'
    if kind == stat.S_IFREG:
        with open(path, 'rb') as file:
            text += f' {status.st_size} {hashlib.sha256(file.read()).hexdigest()[:12]}'
        if status.st_nlink > 1:
            text += f' links to {seen.setdefault(status.st_ino, path)[-40:].split("/diff/")[-1]}'
    elif kind == stat.S_IFLNK:
        text += f' -> {os.readlink(path)}'
    if status.st_mtime < OLD and not (kind == stat.S_IFDIR and case in OWN_TIMES):
        text += f' at {status.st_mtime_ns}'
    return text + ''.join(f' {name}={value}' for name, value in sorted(attributes(path).items()))


def walk(layer, case):
    """Path -> line of one layer; opaque directories end in a mark."""
    top, found, seen = f'{ROOT}/overlay/{layer}/diff', {}, {}
    for directory, directories, files in os.walk(top):
        directories.sort()
        for name in sorted(directories + files):
            path = os.path.join(directory, name)
            relative = os.path.relpath(path, top)
            if relative in STUBS:
                continue
            line = entry(path, seen, case)
            if line is not None and os.path.isdir(path) and not os.path.islink(path):
                opaque = any(os.getxattr(path, key) == b'y' for key in ('trusted.overlay.opaque',) if key in os.listxattr(path))
                line += ' opaque' if opaque else ''
            found[relative] = line if line is not None else 'gone'
    return found


def merge(chained, case):
    tree = {}
    for layer in chained:
        for path, line in walk(layer, case).items():
            if line == 'gone' or line.endswith(' opaque') or not line.startswith('d'):
                for below in [other for other in tree if other.startswith(path + '/')]:
                    del tree[below]
            if line == 'gone':
                tree.pop(path, None)
            else:
                tree[path] = line.removesuffix(' opaque')
    return tree


def lines_of(tree):
    return [f'{path}: {line}' for path, line in sorted(tree.items())]


def is_untouched(path, line, below, changes):
    """Whether a layer has a directory for nothing: as it was, and with nothing in it."""
    return line.startswith('d') and below.get(path) == line and not any(other.startswith(path + '/') for other in changes)


def created_by(step):
    """The command, without digests of what was copied or mounted, which each engine takes in its own way, without what podman notes of its options
    behind it, and without tabs that a here-document drops."""
    text = re.sub(r'\b(file|dir|multi):[0-9a-f]{64}', r'\1:CONTENT', step.get('created_by', '')).rstrip()
    return re.sub(r'\n\t+', '\n', re.sub(r'(:sha256:[0-9a-f]{64})*\s*(\|force-mtime=\d+|note=x)?$', '', text)).rstrip()


def history(image):
    return [{'by': created_by(step), 'empty': step.get('empty_layer', False), 'comment': step.get('comment', ''), 'author': step.get('author', '')}
            for step in image['History'] or []]


def said(image):
    config = image['Config']
    config['Labels'] = {name: value for name, value in (config.get('Labels') or {}).items() if name != 'io.buildah.version'} or None
    config = {name: value for name, value in sorted(config.items()) if value not in (None, '', [], {})}
    annotations = {name: value for name, value in (image.get('Annotations') or {}).items() if value and not name.endswith('image.created')}
    return {'Config': config, 'Annotations': annotations, 'Health': image.get('HealthCheck'), 'History': history(image), 'Layers': len(image['RootFS']['Layers'] or []),
            **{name: image.get(name) for name in ('Author', 'Architecture', 'Os', 'Comment', 'ManifestType')}}


def differences(podman, podsharp):
    # The host's Python is a small one, without difflib.
    with tempfile.NamedTemporaryFile('w') as one, tempfile.NamedTemporaryFile('w') as two:
        for file, text in ((one, podman), (two, podsharp)):
            file.write('\n'.join(text) + '\n')
            file.flush()
        done = subprocess.run(['diff', '-U', '2', '--label', 'podman', '--label', 'podsharp', one.name, two.name], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def compare(case, images, tops, parents):
    pair = [images[f'localhost/built:{case}-{engine}'] for engine in ('podman', 'podsharp')]
    texts = []
    for image in pair:
        chained = chain(tops[image['Id']], parents)
        text = json.dumps(said(image), indent=1, sort_keys=True, ensure_ascii=False).splitlines()
        for number, layer in enumerate(chained):
            below = merge(chained[:number], case)
            # The base image's own is the same; a file that is gone without having been there is none.
            changes = {path: line for path, line in walk(layer, case).items() if line != 'gone' or path in below}
            changes = {path: line for path, line in changes.items() if not is_untouched(path, line, below, changes)}
            text += [f'--- layer {number}'] + (lines_of(changes) if number or len(chained) == 1 else [])
        texts.append(text + ['--- all'] + lines_of(merge(chained, case)))
    return differences(*texts)


def main(cases):
    images = inspect([f'localhost/built:{case}-{engine}' for case in cases for engine in ('podman', 'podsharp')])
    parents, tops, failed = layers(), top_layers(), False
    for case in cases:
        difference = compare(case, images, tops, parents)
        print(f'{case}: {"differs" if difference else "the same"}')
        if difference:
            failed = True
            print('\n'.join('  ' + line for line in difference[:60]))
    return failed


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
