"""The settings of image providers: a provider is on when its key (or its address, for a server of one's own) is set."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings

from bot import setting_kinds as kinds

MODEL = "Model that it draws with; unset: the adapter's default"


class ProviderSettings(BaseSettings):
    """One group a provider: key, webhook secret where it signs, base URL (its version is part of it), model."""

    fal_key: kinds.Secret = Field(default=None, description="Key of fal.ai; turns fal on")
    fal_base_url: kinds.WebUrl = Field(default="https://queue.fal.run", description="Address of fal's queue")
    fal_jwks_url: kinds.WebUrl = Field(
        default="https://rest.fal.ai/.well-known/jwks.json", description="Keys of fal's webhooks"
    )
    imagine_fal_model: kinds.Model = Field(default=None, description=MODEL)

    replicate_api_token: kinds.Secret = Field(default=None, description="Token of Replicate; turns replicate on")
    replicate_base_url: kinds.WebUrl = Field(
        default="https://api.replicate.com/v1", description="Address of Replicate's API"
    )
    replicate_webhook_secret: kinds.WebhookSecret = Field(
        default=None, description="Signing secret of its webhooks (whsec_...)"
    )
    imagine_replicate_model: kinds.Model = Field(default=None, description=MODEL)

    openai_api_key: kinds.Secret = Field(default=None, description="Key of OpenAI or a compatible server; turns openai on")
    openai_base_url: kinds.WebUrl = Field(default="https://api.openai.com/v1", description="Address of OpenAI's API")
    imagine_openai_model: kinds.Model = Field(default=None, description=MODEL)
    imagine_openai_partials: kinds.Partials = Field(
        default=1, description="Partial pictures shown while OpenAI draws one (0-3); each costs extra output tokens"
    )

    recraft_api_key: kinds.Secret = Field(default=None, description="Key of Recraft; turns recraft on")
    recraft_base_url: kinds.WebUrl = Field(
        default="https://external.api.recraft.ai/v1", description="Address of Recraft's API"
    )
    imagine_recraft_model: kinds.Model = Field(default=None, description=MODEL)

    bfl_api_key: kinds.Secret = Field(default=None, description="Key of Black Forest Labs; turns bfl on")
    bfl_base_url: kinds.WebUrl = Field(default="https://api.bfl.ai/v1", description="Address of Black Forest Labs' API")
    bfl_webhook_secret: kinds.Secret = Field(default=None, description="Signs its webhooks; unset: webhooks only nudge")
    imagine_bfl_model: kinds.Model = Field(default=None, description=MODEL)

    stability_api_key: kinds.Secret = Field(default=None, description="Key of Stability AI; turns stability on")
    stability_base_url: kinds.WebUrl = Field(
        default="https://api.stability.ai/v2beta", description="Address of Stability's API"
    )
    imagine_stability_model: kinds.Model = Field(default=None, description=MODEL)

    gemini_api_key: kinds.Secret = Field(default=None, description="Key of the Gemini API; turns gemini on")
    gemini_base_url: kinds.WebUrl = Field(
        default="https://generativelanguage.googleapis.com/v1beta", description="Address of the Gemini API"
    )
    imagine_gemini_model: kinds.Model = Field(default=None, description=MODEL)

    ideogram_api_key: kinds.Secret = Field(default=None, description="Key of Ideogram; turns ideogram on")
    ideogram_base_url: kinds.WebUrl = Field(default="https://api.ideogram.ai", description="Address of Ideogram's API")
    imagine_ideogram_model: kinds.Model = Field(default=None, description=MODEL)

    xai_api_key: kinds.Secret = Field(default=None, description="Key of xAI; turns xai on")
    xai_base_url: kinds.WebUrl = Field(default="https://api.x.ai/v1", description="Address of xAI's API")
    imagine_xai_model: kinds.Model = Field(default=None, description=MODEL)

    midapi_api_key: kinds.Secret = Field(default=None, description="Key of midapi.ai (unofficial); turns midapi on")
    midapi_base_url: kinds.WebUrl = Field(
        default="https://api.midapi.ai/api/v1/mj", description="Address of midapi.ai's API"
    )
    imagine_midapi_model: kinds.Model = Field(default=None, description=MODEL)
    imagine_midapi_index_base: kinds.IndexBase = Field(
        default=0, description="Number of its first picture: its own pages disagree"
    )
    imagine_midapi_upscale_path: kinds.Model = Field(
        default=None, description="Path of its upscale route, where it has changed"
    )
    imagine_midapi_vary_path: kinds.Model = Field(
        default=None, description="Path of its variation route, where it has changed"
    )

    midjourney_api_key: kinds.Secret = Field(
        default=None, description="Key of midjourney-api.com (unofficial); turns midjourney on"
    )
    midjourney_api_base_url: kinds.WebUrl = Field(
        default="https://api.midjourney-api.com", description="Address of midjourney-api.com's API"
    )

    imagine_midjourney_model: kinds.Label = Field(default=None, description=MODEL)
    imagine_midjourney_relax_word: kinds.Model = Field(default=None, description="Its word for slow mode: relax or relaxed")

    a1111_url: kinds.MaybeUrl = Field(
        default=None, description="Address of an AUTOMATIC1111 or Forge server; turns a1111 on"
    )
    imagine_a1111_model: kinds.Model = Field(default=None, description=MODEL)
    imagine_a1111_upscaler: kinds.Label = Field(default=None, description="Its upscaler for U, by the name that it lists")

    comfyui_url: kinds.MaybeUrl = Field(default=None, description="Address of a ComfyUI server; turns comfyui on")
    imagine_comfyui_model: kinds.Label = Field(default=None, description="Checkpoint for {{model}}; unset: SDXL base 1.0")
    imagine_comfyui_upscaler: kinds.Label = Field(
        default=None, description="Upscale model for {{upscaler}}; turns U on with the workflow that ships"
    )
    imagine_comfyui_workflow: kinds.MaybeFile = Field(
        default=None, description="Own workflow with {{prompt}}, as JSON in API format; unset: the one that ships"
    )
    imagine_comfyui_img2img_workflow: kinds.MaybeFile = Field(
        default=None, description="Own workflow with {{prompt}} and {{image}}, for V and input pictures"
    )
    imagine_comfyui_upscale_workflow: kinds.MaybeFile = Field(
        default=None, description="Own workflow with {{image}}, for U; turns U on"
    )
