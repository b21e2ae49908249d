"""What get.ts does, in Locust's fast client."""

from locust import FastHttpUser, constant, task


class Shopper(FastHttpUser):
    wait_time = constant(0)

    @task
    def get(self):
        with self.client.get("/items/rope", catch_response=True) as reply:
            if reply.status_code != 200 or reply.json()["id"] != "rope":
                reply.failure("another item")
